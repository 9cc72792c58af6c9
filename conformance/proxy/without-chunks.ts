/** An answer as a server gives it to HTTP/1.0, which knows no chunks: RFC 9112, section 7.1. */
import { Buffer } from "node:buffer";
import { Parser, writeResponseHead } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import { bytesOf } from "../engine/bytes.ts";

const OF_CHUNKS = ["transfer-encoding", "trailer"];

/** The same answer ended by the close of its connection; undefined where it is not in chunks. */
export function withoutChunks(answer: Uint8Array): Buffer | undefined {
  let head: ResponseHead | undefined;
  const body: Uint8Array[] = [];
  const parser = new Parser<ResponseHead>({ kind: "response", strict: false }, {
    onHead: (found) => void (head = found),
    onData: (bytes) => void body.push(Buffer.from(bytes)),
  });
  parser.push(answer);
  if (head?.framing.kind !== "chunked") return undefined;
  const fields = head.fields.filter(({ name }) => !OF_CHUNKS.includes(name.toLowerCase()));
  return Buffer.concat([
    bytesOf(writeResponseHead(head.status, fields, head.reason, head.minor)),
    ...body,
  ]);
}
