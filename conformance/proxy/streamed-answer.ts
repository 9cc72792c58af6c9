/** Asks for long content and compares it as it comes: nothing of the body is kept. */
import { nodeTcp } from "../../src/net/mod.ts";
import { Parser } from "../../src/http1/mod.ts";
import type { Field, ResponseHead } from "../../src/http1/mod.ts";
import type { ContentCheck } from "./content.ts";

/** An answer whose body went by. */
export interface StreamedAnswer {
  /** 0 where no head came. */
  readonly status: number;
  readonly fields: readonly Field[];
  /** How it ended: by its framing, cut off before, or not at all in the time given. */
  readonly end: "length" | "chunked" | "close" | "none" | "truncated" | "silence";
  /** What was wrong, in words: a reset, or bytes that are not HTTP. */
  readonly problem: string | undefined;
}

const CONNECT_MS = 5000;

/**
 * Sends a request on a connection of its own and passes the body on as it comes. Rejects with a
 * NetError where nothing listens.
 */
export async function streamAnswer(
  { host, port }: { readonly host: string; readonly port: number },
  message: string,
  body: ContentCheck,
  deadlineMs: number,
): Promise<StreamedAnswer> {
  let head: ResponseHead | undefined;
  let complete = false;
  let problem: string | undefined;
  let settle: (end: StreamedAnswer["end"]) => void = () => {};
  const ended = new Promise<StreamedAnswer["end"]>((done) => settle = done);
  const parser = new Parser<ResponseHead>({ kind: "response", strict: false }, {
    onHead: (found) => void (found.status >= 200 && (head = found)),
    onData: (bytes) => body.push(bytes),
    onComplete: () => {
      complete = true;
      parser.pauseAfterMessage();
      settle(head?.framing.kind ?? "none");
    },
    onDeviation: ({ detail }) => {
      problem ??= detail;
      if (parser.failed) settle("truncated");
    },
  });
  const close = () => {
    parser.end();
    if (!complete) settle("truncated");
  };
  const socket = await nodeTcp.connect({ host, port, timeoutMs: CONNECT_MS }, () => ({
    onData: (bytes) => void (complete || parser.push(bytes)),
    onEnd: close,
    onClose: (error) => {
      // A reset ends no body, whatever its framing.
      if (error) problem ??= error.message;
      if (error && !complete) settle("truncated");
      else close();
    },
  }));
  const timer = setTimeout(() => settle("silence"), deadlineMs);
  socket.write(message);
  const end = await ended;
  clearTimeout(timer);
  socket.destroy();
  return { status: head?.status ?? 0, fields: head?.fields ?? [], end, problem };
}
