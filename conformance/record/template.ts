/** Text of a recording as a golden writes it: addresses as matchers, bytes escaped. */
import { bytesOf, escapeBody } from "../engine/bytes.ts";
import type { GoldenValues } from "../engine/golden/expand.ts";

/** Text that a golden would read as a matcher: there is no escape for it. */
const MATCHER = /\{\{[^{}]*\}\}/;

/**
 * Latin-1 text with a listed server's address as `{{server}}` and the program's own as `{{host}}`;
 * undefined for text that a golden cannot hold literally.
 */
export function templateOf(text: string, values: GoldenValues): string | undefined {
  if (MATCHER.test(text)) return undefined;
  let template = text;
  for (const address of values.servers) template = template.replace(named(address), "{{server}}");
  const own = values.texts.host;
  return own === undefined ? template : template.replace(named(own), "{{host}}");
}

/** An address as a whole: 127.0.0.1:2000 is no part of 127.0.0.1:20001. */
function named(address: string): RegExp {
  const port = address.slice(address.lastIndexOf(":"));
  const host = address.slice(0, -port.length).replaceAll(".", "\\.");
  const either = /^(localhost|127\\\.0\\\.0\\\.1)$/.test(host)
    ? "(?:localhost|127\\.0\\.0\\.1)"
    : host;
  return new RegExp(`(?<![\\w.-])${either}${port}(?!\\d)`, "g");
}

/** One line: a status line, or a field's value. */
export function escapeLine(text: string): string {
  return escapeBody(bytesOf(text)).replaceAll("\n", "\\x0a");
}

/** Lines of a body; one that would begin a new message has its first byte escaped. */
export function escapeLines(text: string): string[] {
  return escapeBody(bytesOf(text)).split("\n").map((line) =>
    /^(>>>|<<<|\|\|\|)/.test(line) ? `\\x${line.charCodeAt(0).toString(16)}${line.slice(1)}` : line
  );
}
