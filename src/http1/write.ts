/** Writes HTTP/1.1 heads and chunks. Refuses what would not be read back the same. */
import { Http1Error } from "./message.ts";
import type { Field } from "./message.ts";

export const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  200: "OK",
  301: "Moved Permanently",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  414: "URI Too Long",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  508: "Loop Detected",
};

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const TARGET = /^[\x21-\x7e]+$/;
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The head of a request as a Latin-1 string, with the empty line. */
export function writeRequestHead(
  method: string,
  target: string,
  fields: readonly Field[],
  minor = 1,
): string {
  if (!TOKEN.test(method)) throw bad("method", method);
  if (!TARGET.test(target)) throw bad("target", target);
  return `${method} ${target} HTTP/1.${minor}\r\n${writeFields(fields)}\r\n`;
}

/** The head of a response as a Latin-1 string, with the empty line. */
export function writeResponseHead(
  status: number,
  fields: readonly Field[],
  reason: string = REASONS[status] ?? "",
  minor = 1,
): string {
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw bad("status", String(status));
  }
  if (!REASON.test(reason)) throw bad("reason", reason);
  return `HTTP/1.${minor} ${status} ${reason}\r\n${writeFields(fields)}\r\n`;
}

/** Field lines, each ended by CR LF. */
export function writeFields(fields: readonly Field[]): string {
  let text = "";
  for (const { name, value } of fields) {
    if (!TOKEN.test(name)) throw bad("field name", name);
    if (!VALUE.test(value)) throw bad(`value of ${name}`, value);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}

/** One chunk of a chunked body; an empty one would end the body, so it is refused. */
export function writeChunk(data: string): string {
  if (data === "") {
    throw new Http1Error("empty-chunk", "an empty chunk ends the body; leave it out");
  }
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

/** The end of a chunked body. */
export function writeLastChunk(trailers: readonly Field[] = []): string {
  return `0\r\n${writeFields(trailers)}\r\n`;
}

function bad(what: string, value: string): Http1Error {
  const shown = JSON.stringify(value.slice(0, 80));
  return new Http1Error("not-writable", `${what} ${shown} cannot be written in an HTTP message`);
}
