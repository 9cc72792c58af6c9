/** One body, whole, as the benchmark learns what the right one is. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  fieldValue,
  hostField,
  parseHttpUrl,
  request,
  writeRequestHead,
} from "../../src/http1/mod.ts";

export interface Fetched {
  readonly status: number;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Its `X-Server`. */
  readonly server: string | undefined;
}

const PATIENCE_MS = 10_000;

/**
 * Asks for `http://IPv4:PORT/PATH` once, with `authority` for its Host where that is another; rejects with
 * a NetError or an Http1Error.
 */
export async function fetchBody(url: string, authority?: string): Promise<Fetched> {
  const { target, ...to } = parseHttpUrl(url);
  const message = writeRequestHead("GET", target, [
    { name: "Host", value: authority ?? hostField(to) },
    { name: "Connection", value: "close" },
  ]);
  const hash = createHash("sha256");
  let bytes = 0;
  const { status, fields } = await request(
    { ...to, message, connectMs: PATIENCE_MS, idleMs: PATIENCE_MS },
    {
      onHead() {},
      onData(piece) {
        bytes += piece.length;
        hash.update(Buffer.from(piece));
      },
    },
  );
  return { status, bytes, sha256: hash.digest("hex"), server: fieldValue(fields, "x-server") };
}
