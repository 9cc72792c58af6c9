/** Relays that do something else with an answer: parts of a proxy for its mutants. */
import { Buffer } from "node:buffer";
import type { Exchange, Field, ResponseHead } from "../../src/http1/mod.ts";
import type { ProxyParts } from "../../src/proxy/mod.ts";
import { Relay } from "../../src/proxy/relay.ts";
import type { RelayContext } from "../../src/proxy/relay.ts";
import type { Target } from "../../src/proxy/target.ts";

/** The proxy's parts with relays of another class. */
export function relays(
  kind: new (context: RelayContext, exchange: Exchange, target: Target) => Relay,
): Partial<ProxyParts> {
  return { relay: (...course) => new kind(...course) };
}

/** An answer of a server's, with its whole body. */
export interface WholeAnswer {
  readonly head: ResponseHead;
  readonly body: Buffer;
}

/** The bodies of answers that `fits` go through `change`, whole, and get a length anew. */
export function changingBodies(
  fits: (head: ResponseHead) => boolean,
  change: (body: Buffer) => Buffer,
): Partial<ProxyParts> {
  return changingAnswers(fits, ({ head, body }) => {
    const changed = change(body);
    return { head: withLength(head, changed.length), body: changed };
  });
}

/** In the place of answers that `fits` clients get what `change` makes of them, whole. */
export function changingAnswers(
  fits: (head: ResponseHead) => boolean,
  change: (answer: WholeAnswer, target: Target) => WholeAnswer,
): Partial<ProxyParts> {
  return relays(
    class extends Relay {
      readonly #target: Target;
      #head: ResponseHead | undefined;
      #pieces: Buffer[] = [];

      constructor(context: RelayContext, exchange: Exchange, target: Target) {
        super(context, exchange, target);
        this.#target = target;
      }

      override onHead(head: ResponseHead): void {
        if (head.framing.kind === "none" || !fits(head)) return super.onHead(head);
        this.#head = head;
      }

      override onBody(piece: Uint8Array): void {
        if (this.#head) this.#pieces.push(Buffer.from(piece));
        else super.onBody(piece);
      }

      override onComplete(trailers: readonly Field[], spent: boolean): void {
        if (this.#head) {
          const own = { head: this.#head, body: Buffer.concat(this.#pieces) };
          const { head, body } = change(own, this.#target);
          super.onHead(head);
          if (body.length > 0) super.onBody(body);
        }
        super.onComplete(trailers, spent);
      }
    },
  );
}

/** The same head over a body of another length. */
export function withLength(head: ResponseHead, length: number): ResponseHead {
  const others = head.fields.filter(({ name }) => !/^content-length$/i.test(name));
  const fields = [...others, { name: "Content-Length", value: String(length) }];
  return { ...head, fields, framing: { kind: "length", length } };
}
