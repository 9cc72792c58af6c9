/** What `record` sends, from its options: the lines of a `>>>` block. */
import { Buffer } from "node:buffer";

/** A request that cannot be sent as it is given. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

const FIELD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/;

/**
 * `GET /page.html`, with a version or without, and further fields. Host and Connection are added
 * where they are not given. Throws BadRequest.
 */
export function requestLines(send: string, fields: readonly string[]): string[] {
  if (!/^\S+ \S+( HTTP\/\d\.\d)?$/.test(send)) {
    throw new BadRequest(
      `${JSON.stringify(send)} is not METHOD /PATH [HTTP/1.1]; a space in a path is %20, and ` +
        "--file sends what is not a plain request",
    );
  }
  const bad = fields.find((field) => !FIELD.test(field) || /[\r\n]/.test(field));
  if (bad !== undefined) throw new BadRequest(`--header ${JSON.stringify(bad)} is not Name: value`);
  const has = (name: string) => fields.some((field) => field.toLowerCase().startsWith(`${name}:`));
  return [
    / HTTP\/\d\.\d$/.test(send) ? send : `${send} HTTP/1.1`,
    ...has("host") ? [] : ["Host: {{host}}"],
    ...fields,
    ...has("connection") ? [] : ["Connection: close"],
    "",
  ].map(asBytes);
}

/** A request as a golden's `>>>` block has it, from a file. Throws BadRequest. */
export function requestFileLines(path: string, text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  if (!lines.includes("")) {
    throw new BadRequest(`${path} has no empty line after its head, so the request would not end`);
  }
  const marker = lines.find((line) => /^(>>>|<<<|\|\|\|)( |$)/.test(line));
  if (marker !== undefined) {
    throw new BadRequest(
      `${path} has the line ${JSON.stringify(marker)}, which begins a message in a golden; ` +
        "give one request, and write \\x3e for the > of a body",
    );
  }
  return lines.map(asBytes);
}

/** What is not ASCII as the escapes of its UTF-8 bytes: a golden is Latin-1 text. */
function asBytes(line: string): string {
  return line.replace(
    /[^\x20-\x7e]+/g,
    (found) =>
      [...Buffer.from(found)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}
