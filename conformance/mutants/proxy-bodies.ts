/** Proxies that change a body, or hide that it is not whole. */
import { Buffer } from "node:buffer";
import { fieldValue } from "../../src/http1/mod.ts";
import type { Exchange, ResponseHead } from "../../src/http1/mod.ts";
import { proxyParts } from "../../src/proxy/mod.ts";
import { Relay } from "../../src/proxy/relay.ts";
import type { RelayContext } from "../../src/proxy/relay.ts";
import type { Target } from "../../src/proxy/target.ts";
import { accepting, passedOn } from "./driver.ts";
import { changingBodies, relays, withLength } from "./proxy-relay.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { PassedSocket } from "./proxy-wire.ts";
import type { ForwardingMutant } from "./types.ts";

const BUFFER_BYTES = 512 * 1024;

function isText({ fields }: ResponseHead): boolean {
  return /^text\//.test(fieldValue(fields, "content-type") ?? "") &&
    fieldValue(fields, "content-encoding") === undefined;
}

function isPlain({ fields }: ResponseHead): boolean {
  return fieldValue(fields, "content-encoding") === undefined;
}

/** Takes no more of a body than fits its buffer. */
class Cutting extends Relay {
  #left = BUFFER_BYTES;

  override onHead(head: ResponseHead): void {
    const { framing } = head;
    if (framing.kind !== "length") return super.onHead(head);
    super.onHead(withLength(head, Math.min(framing.length, BUFFER_BYTES)));
  }

  override onBody(piece: Uint8Array): void {
    const kept = piece.subarray(0, this.#left);
    this.#left -= kept.length;
    if (kept.length > 0) super.onBody(kept);
  }
}

/** Drops what comes while the client is behind. */
const dropping = accepting((accept) => (socket) => {
  let behind = false;
  class Dropping extends PassedSocket {
    override write(data: Uint8Array | string): boolean {
      if (!behind || typeof data === "string") behind = !super.write(data);
      return true;
    }
  }
  const handler = accept(new Dropping(socket));
  const onDrain = () => {
    behind = false;
    handler.onDrain?.();
  };
  return { ...passedOn(() => handler), onDrain };
});

/** Holds the last byte of a body back that only a close ends, and never sends it. */
class LosingLast extends Relay {
  #held: Buffer | undefined;
  #closes = false;

  override onHead(head: ResponseHead): void {
    this.#closes = head.framing.kind === "close";
    super.onHead(head);
  }

  override onBody(piece: Uint8Array): void {
    if (!this.#closes) return super.onBody(piece);
    const whole = Buffer.concat([this.#held ?? Buffer.alloc(0), piece]);
    this.#held = whole.subarray(-1);
    if (whole.length > 1) super.onBody(whole.subarray(0, -1));
  }
}

/** Makes the end of a body that breaks off look like its end; `fill` sends what is missing. */
abstract class Hiding extends Relay {
  /** Of the answer's head, once it is there. */
  protected framing: ResponseHead["framing"]["kind"] | undefined;
  protected missing = 0;

  override onHead(head: ResponseHead): void {
    this.framing = head.framing.kind;
    this.missing = head.framing.kind === "length" ? head.framing.length : 0;
    super.onHead(head);
  }

  override onBody(piece: Uint8Array): void {
    this.missing -= piece.length;
    super.onBody(piece);
  }

  override onBroken(reason: string, untouched: boolean): void {
    // What is malformed is told from what is short.
    if (!this.hides() || !/^(closed|reset|broke) /.test(reason)) {
      return super.onBroken(reason, untouched);
    }
    this.fill();
    super.onComplete([], true);
  }

  protected abstract hides(): boolean;
  protected fill(): void {}
}

class Padding extends Hiding {
  protected override hides(): boolean {
    return this.framing === "length";
  }

  protected override fill(): void {
    super.onBody(Buffer.alloc(this.missing));
  }
}

class EndingChunks extends Hiding {
  protected override hides(): boolean {
    return this.framing === "chunked";
  }
}

/** Sends a body on without its length, so that chunks or the close end it whatever happens. */
class DroppingLength extends Hiding {
  override onHead(head: ResponseHead): void {
    const fields = head.fields.filter(({ name }) => !/^content-length$/i.test(name));
    super.onHead(
      isBinary(head) && head.framing.kind === "length"
        ? { ...head, fields, framing: { kind: "chunked" } }
        : head,
    );
  }

  protected override hides(): boolean {
    return this.framing === "chunked";
  }
}

function isBinary({ fields }: ResponseHead): boolean {
  return fieldValue(fields, "content-type") === "application/octet-stream";
}

/** Takes the chunks off a body of bytes and says nothing of where it ends. */
class Unchunking extends Relay {
  readonly #exchange: Exchange;
  #chunks = false;

  constructor(context: RelayContext, exchange: Exchange, target: Target) {
    super(context, exchange, target);
    this.#exchange = exchange;
  }

  override onHead(head: ResponseHead): void {
    this.#chunks = isBinary(head) && head.framing.kind === "chunked";
    super.onHead(head);
    if (this.#chunks) this.#exchange.keepAlive = true;
  }
}

function unchunking(): Broken {
  return {
    proxy: {
      ...relays(Unchunking),
      bodyFraming: (head, minor) =>
        isBinary(head) && head.framing.kind === "chunked"
          ? "as-it-is"
          : proxyParts.bodyFraming(head, minor),
    },
  };
}

const bytesAsText = (body: Buffer) => Buffer.from(body.toString("utf8"));
const linesOfText = (body: Buffer) =>
  Buffer.from(body.toString("latin1").replaceAll("\r\n", "\n"), "latin1");

export const bodyMutants: readonly ForwardingMutant[] = [
  proxy(
    "body-intact",
    "cuts-long-body",
    "takes 512 KiB of a body and drops what is beyond",
    () => ({ proxy: relays(Cutting) }),
  ),
  proxy(
    "body-intact",
    "loses-last-byte",
    "loses the last byte of a body that the close of the connection ends",
    () => ({ proxy: relays(LosingLast) }),
  ),
  proxy(
    "body-intact",
    "drops-when-behind",
    "drops what a server sends while the client has not taken what came before",
    () => ({ options: { driver: dropping } }),
  ),
  proxy(
    "body-intact",
    "utf-8",
    "reads bodies as UTF-8, so that other bytes become U+FFFD",
    () => ({ proxy: changingBodies(isPlain, bytesAsText) }),
  ),
  proxy(
    "body-intact",
    "text-mode",
    "turns CR LF into LF in bodies of text",
    () => ({ proxy: changingBodies(isText, linesOfText) }),
  ),
  proxy(
    "body-intact",
    "unchunks",
    "takes the chunks off a binary body and neither gives a length nor closes",
    unchunking,
  ),
  proxy(
    "body-intact",
    "chunks-to-old-client",
    "sends chunks to a client of HTTP/1.0 as to any other",
    () => ({ proxy: { bodyFraming: (head) => proxyParts.bodyFraming(head, 1) } }),
  ),
  proxy(
    "truncated",
    "pads",
    "fills up with zeros what a server did not send of its Content-Length",
    () => ({ proxy: relays(Padding) }),
  ),
  proxy(
    "truncated",
    "ends-chunks",
    "sends a last chunk where the server's chunks broke off",
    () => ({ proxy: relays(EndingChunks) }),
  ),
  proxy(
    "truncated",
    "drops-length",
    "sends a binary body in chunks without its length, with a last chunk where it broke off",
    () => ({ proxy: relays(DroppingLength) }),
  ),
];
