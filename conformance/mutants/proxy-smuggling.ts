/** Proxies that pass on messages that two readers read in two ways. */
import { Buffer } from "node:buffer";
import { Parser } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import type { TcpDriver, TcpHandler } from "../../src/net/mod.ts";
import { proxyParts } from "../../src/proxy/mod.ts";
import { passedOn, receiving } from "./driver.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { dialling, PassedSocket } from "./proxy-wire.ts";
import type { ForwardingMutant } from "./types.ts";

/**
 * Something of a head that the parser does not get to see, and that stands in the forwarded head
 * again: `hide` writes it in a harmless way, `show` takes that back.
 */
function unseen(hide: (head: string) => string, show: (head: string) => string): () => Broken {
  return () => ({
    options: {
      driver: receiving((text) =>
        text.replace(/^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n[^]*?\r\n\r\n/, (head) => hide(head))
      ),
    },
    proxy: { requestHead: (...given) => show(proxyParts.requestHead(...given)) },
  });
}

const HIDDEN = "X-Steelyard-Hidden-";

/** Fields that stay what they are on the way, but mean nothing to the proxy. */
const blindTo = (choose: (head: string) => RegExp | undefined) =>
  unseen(
    (head) => {
      const found = choose(head);
      return found ? head.replace(found, (line) => `${HIDDEN}${line}`) : head;
    },
    (head) => head.replaceAll(HIDDEN, ""),
  );

const LENGTH = /^content-length:/im;
const ENCODING = /^transfer-encoding:/im;

function whereBoth(then: RegExp) {
  return (head: string) => LENGTH.test(head) && ENCODING.test(head) ? then : undefined;
}

function whereTwoLengths(then: RegExp) {
  return (head: string) => /^content-length:[^]*\ncontent-length:/im.test(head) ? then : undefined;
}

/** As `blindTo`, for what servers answer. */
const blindToAnswers = (choose: (head: string) => RegExp | undefined) => (): Broken => ({
  options: {
    upstreamDriver: dialling((accept) => (socket) => {
      const handler = accept(socket);
      return passedOn(() => handler, (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        const seen = text.replace(/^HTTP\/1\.[01] [^]*?\r\n\r\n/, (head) => {
          const found = choose(head);
          return found ? head.replace(found, (line) => `${HIDDEN}${line}`) : head;
        });
        handler.onData(seen === text ? bytes : Buffer.from(seen, "latin1"));
      });
    }),
  },
  proxy: {
    responseHead: (...given) => proxyParts.responseHead(...given).replaceAll(HIDDEN, ""),
  },
});

/** What comes behind an answer is kept, and taken for the answer to the next request. */
const answersAhead: TcpDriver = dialling((accept) => (socket) => {
  let rest: Uint8Array | undefined;
  let waiting = false;
  class Asking extends PassedSocket {
    override write(data: Uint8Array | string): boolean {
      const kept = rest;
      rest = undefined;
      waiting = true;
      const taken = super.write(data);
      // A timer may come after the answer that the server now gives.
      if (kept) queueMicrotask(() => take(kept));
      return taken;
    }
  }
  const parser = new Parser<ResponseHead>({ kind: "response", strict: false }, {
    onHead() {},
    onComplete() {
      waiting = false;
      parser.pauseAfterMessage();
    },
  });
  const take = (bytes: Uint8Array) => {
    if (!waiting) {
      rest = Buffer.concat([rest ?? new Uint8Array(), bytes]);
      return;
    }
    const used = parser.push(bytes);
    handler.onData(bytes.subarray(0, used));
    if (used < bytes.length) take(Buffer.from(bytes.subarray(used)));
  };
  const handler: TcpHandler = accept(new Asking(socket));
  return passedOn(() => handler, take);
});

export const smugglingMutants: readonly ForwardingMutant[] = [
  proxy(
    "no-smuggling",
    "length-before-chunks",
    "goes by Content-Length where there is Transfer-Encoding too, and passes both on",
    blindTo(whereBoth(ENCODING)),
  ),
  proxy(
    "no-smuggling",
    "chunks-before-length",
    "goes by Transfer-Encoding where there is Content-Length too, and passes both on",
    blindTo(whereBoth(LENGTH)),
  ),
  proxy(
    "no-smuggling",
    "first-length",
    "goes by the first of two lengths and passes both on",
    blindTo(whereTwoLengths(/^content-length:(?![^]*\ncontent-length:)/im)),
  ),
  proxy(
    "no-smuggling",
    "last-length",
    "goes by the last of two lengths and passes both on",
    blindTo(whereTwoLengths(LENGTH)),
  ),
  proxy(
    "no-smuggling",
    "bare-lf",
    "takes a bare LF for a part of a value and passes it on",
    unseen(
      (head) => head.replace(/(?<!\r)\n/g, "[LF]"),
      (head) => head.replaceAll("[LF]", "\n"),
    ),
  ),
  proxy(
    "no-smuggling",
    "fold",
    "passes on a folded line as it is",
    unseen(
      (head) => head.replace(/\r\n([ \t])/g, "[FOLD]$1"),
      (head) => head.replaceAll("[FOLD]", "\r\n"),
    ),
  ),
  proxy(
    "no-smuggling",
    "space-before-colon",
    "passes on a name with a space before its colon",
    unseen(
      (head) => head.replace(/^([!-9;-~]+)[ \t]+:/gm, "X-Steelyard-Space-$1:"),
      (head) => head.replace(/^X-Steelyard-Space-([^:]*):/gm, "$1 :"),
    ),
  ),
  proxy(
    "no-smuggling",
    "answer-two-lengths",
    "goes by the first of two lengths of an answer and passes both on",
    blindToAnswers(whereTwoLengths(/^content-length:(?![^]*\ncontent-length:)/im)),
  ),
  proxy(
    "no-smuggling",
    "answer-both",
    "goes by Content-Length of an answer in chunks, and passes both on",
    blindToAnswers(whereBoth(ENCODING)),
  ),
  proxy(
    "no-smuggling",
    "answers-ahead",
    "takes what a server sends behind an answer for the answer to the next request",
    () => ({ options: { upstreamDriver: answersAhead } }),
  ),
];
