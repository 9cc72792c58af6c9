/**
 * Bytes as text that a person can read and write: the escapes of golden files, used in reports too.
 * `\xHH` stands for a byte, `\\` for a backslash, everything else for itself.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** Bytes that Latin-1 text stands for. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Bytes with all but printable ASCII and LF escaped. */
export function escapeBody(bytes: Uint8Array): string {
  return latin1(bytes).replace(
    /[^\n\x20-\x5b\x5d-\x7e]/g,
    (char) => char === "\\" ? "\\\\" : hex(char),
  );
}

/** As `escapeBody`, but CR LF is a line's end, and a LF without its CR is shown as `\x0a`. */
export function escapeHead(bytes: Uint8Array): string {
  return latin1(bytes).replace(/\r\n|[^\x20-\x5b\x5d-\x7e]/g, (found) => {
    if (found === "\r\n") return "\n";
    if (found === "\\") return "\\\\";
    return found === "\n" ? "\\x0a\n" : hex(found);
  });
}

/** A whole HTTP message: its head by the rules of heads, the rest by those of bodies. */
export function escapeMessage(bytes: Uint8Array): string {
  const text = latin1(bytes);
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return escapeHead(bytes);
  const at = end + 4;
  return escapeHead(bytes.subarray(0, at)) + cut(escapeBody(bytes.subarray(at)), bytes);
}

/** The longest text of a report; what is longer ends with its size and SHA-256. */
const CUT_CHARACTERS = 64 * 1024;

function cut(text: string, bytes: Uint8Array): string {
  if (text.length <= CUT_CHARACTERS) return text;
  return `${text.slice(0, CUT_CHARACTERS)}\n... cut; ${bytes.length} bytes in all, SHA-256 ${
    sha256(bytes)
  }`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The Latin-1 text that escaped text stands for; throws on an escape that is none. */
export function unescape(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|\\|.?)/gs, (found, escape: string) => {
    if (escape === "\\") return "\\";
    if (escape.length === 3) return String.fromCharCode(parseInt(escape.slice(1), 16));
    throw new SyntaxError(
      `${JSON.stringify(found)} is no escape; write \\xHH for a byte, \\\\ for a backslash`,
    );
  });
}

function hex(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
