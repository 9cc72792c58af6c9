/** Answers of the proxy's own: what it says where a server could not. */
import { REASONS, writeResponseHead } from "../http1/mod.ts";

/** Why a request got no answer of a server's. */
export interface Failure {
  readonly status: 400 | 405 | 414 | 431 | 501 | 502 | 503 | 504 | 505 | 508;
  /** In words, with the server's address. */
  readonly reason: string;
}

export interface FailureOptions {
  readonly close: boolean;
  readonly bodiless: boolean;
}

/** The whole answer; its body begins with `Error: ` as the lab's does. */
export function failureAnswer({ status, reason }: Failure, options: FailureOptions): string {
  // Latin-1 on the wire: what is beyond it came from an address in a file.
  const text = `Error: ${reason}\n`.replace(/[^\n\x20-\x7e]/g, "?");
  const fields = [
    { name: "Content-Type", value: "text/plain; charset=utf-8" },
    { name: "Content-Length", value: String(text.length) },
  ];
  if (options.close) fields.push({ name: "Connection", value: "close" });
  const head = writeResponseHead(status, fields, REASONS[status]);
  return options.bodiless ? head : head + text;
}
