/** Proxies that do not forward a request's body whole. */
import { Buffer } from "node:buffer";
import { proxyParts } from "../../src/proxy/mod.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { headWritten, PassedSocket, through } from "./proxy-wire.ts";
import type { ForwardingMutant } from "./types.ts";

/** As much as a program gets that calls `recv` once. */
const RECEIVED_BYTES = 1024;
const LENGTH = /^Content-Length: (\d+)\r\n/im;

/** Sends no more of a body than so much, under a length that fits. */
class Cutting extends PassedSocket {
  #left = Infinity;

  override write(data: Uint8Array | string): boolean {
    const head = headWritten(data);
    if (head === undefined) return this.#body(data);
    const length = Number(LENGTH.exec(head)?.[1] ?? Infinity);
    this.#left = length === Infinity ? length : RECEIVED_BYTES;
    const cut = Math.min(length, RECEIVED_BYTES);
    return super.write(head.replace(LENGTH, `Content-Length: ${cut}\r\n`));
  }

  #body(data: Uint8Array | string): boolean {
    const kept = data.slice(0, this.#left);
    this.#left -= kept.length;
    return kept.length > 0 ? super.write(kept) : true;
  }
}

/** Ends a body in good order that the client has broken off. */
class Finishing extends PassedSocket {
  #chunks = false;
  #missing = 0;

  override write(data: Uint8Array | string): boolean {
    const head = headWritten(data);
    if (head !== undefined) {
      this.#chunks = /^Transfer-Encoding: chunked\r\n/im.test(head);
      this.#missing = Number(LENGTH.exec(head)?.[1] ?? 0);
    } else {
      this.#missing -= data.length;
      if (data === "0\r\n\r\n") this.#chunks = false;
    }
    return super.write(data);
  }

  override destroy(): void {
    const rest = this.#chunks ? "0\r\n\r\n" : Buffer.alloc(Math.max(0, this.#missing));
    if (rest.length === 0) return super.destroy();
    super.write(rest);
    super.end();
  }
}

/** Sends a body on as text. */
class Decoding extends PassedSocket {
  #left = 0;

  override write(data: Uint8Array | string): boolean {
    const head = headWritten(data);
    if (head !== undefined) {
      this.#left = Number(LENGTH.exec(head)?.[1] ?? 0);
      return super.write(data);
    }
    if (this.#left === 0) return super.write(data);
    this.#left -= data.length;
    const text = typeof data === "string" ? data : Buffer.from(data).toString("ascii");
    return super.write(Buffer.from(text, "latin1"));
  }
}

/** Knows no body but one with a length. */
function withoutChunks(): Broken {
  const hidden = new WeakSet<PassedSocket>();
  class Dropping extends PassedSocket {
    override write(data: Uint8Array | string): boolean {
      const head = headWritten(data);
      if (head === undefined) return hidden.has(this) ? true : super.write(data);
      const chunks = /^Transfer-Encoding: chunked\r\n/im;
      if (chunks.test(head)) hidden.add(this);
      else hidden.delete(this);
      return super.write(head.replace(chunks, "Content-Length: 0\r\n"));
    }
  }
  return { options: { upstreamDriver: through(Dropping) } };
}

/** Sends GET, and the body nowhere. */
function asGet(): Broken {
  class Bodiless extends PassedSocket {
    override write(data: Uint8Array | string): boolean {
      return headWritten(data) === undefined ? true : super.write(data);
    }
  }
  return {
    options: { upstreamDriver: through(Bodiless) },
    proxy: {
      requestHead: (head, ...route) =>
        head.framing.kind === "none"
          ? proxyParts.requestHead(head, ...route)
          : proxyParts.requestHead({ ...head, method: "GET", framing: { kind: "none" } }, ...route)
            .replace(LENGTH, ""),
    },
  };
}

export const postMutants: readonly ForwardingMutant[] = [
  proxy("post", "post-as-get", "sends a POST as GET without its body", asGet),
  proxy(
    "post",
    "cuts-post",
    "sends no more than 1 KiB of a body with Content-Length",
    () => ({ options: { upstreamDriver: through(Cutting) } }),
  ),
  proxy(
    "post",
    "drops-chunks",
    "sends a body in chunks as an empty one",
    withoutChunks,
  ),
  proxy(
    "post",
    "ends-broken-post",
    "fills up a body with zeros, or ends its chunks, where the client broke it off",
    () => ({ options: { upstreamDriver: through(Finishing) } }),
  ),
  proxy(
    "post",
    "ascii-post",
    "takes the eighth bit off the bytes of a body with Content-Length",
    () => ({ options: { upstreamDriver: through(Decoding) } }),
  ),
];
