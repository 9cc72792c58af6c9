/** How a golden states a body, from two recordings of one answer. */
import { Buffer } from "node:buffer";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { latin1 } from "../engine/bytes.ts";
import { fixture, LARGE_BYTES } from "../engine/fixtures.ts";
import { packageRoot } from "../engine/package.ts";
import { RecordError } from "./error.ts";
import { escapeLines, templateOf } from "./template.ts";
import type { Pair } from "./twice.ts";

/** A longer text would drown the rest of the golden. */
const LONGEST_LITERAL = 8192;

/** A body's lines as they stand in a golden. Throws a RecordError where its kind varies. */
export function inferBody(pair: Pair): string[] {
  const [first, second] = pair;
  const kinds = pair.map(({ received }) => kindOf(received.body));
  const kind = kinds[0] as string;
  if (kind !== kinds[1]) {
    throw new RecordError(
      "varies",
      `the body varies in kind: ${kind} in one recording, ${kinds[1]} in the other; ` +
        "record a request whose answer is the same each time, or write this golden by hand",
    );
  }
  if (kind === "empty") return [""];
  if (kind.startsWith("file ")) return [`{{${kind}}}`];
  const text = templateOf(latin1(first.received.body), first.values);
  const same = text !== undefined &&
    text === templateOf(latin1(second.received.body), second.values);
  if (same && kind !== "bytes" && text.length <= LONGEST_LITERAL) return escapeLines(text);
  return [kind === "html" ? "{{html}}" : "{{any}}"];
}

/** `empty`, `file NAME` of a fixture, `html`, `text` or `bytes`. */
function kindOf(body: Uint8Array): string {
  if (body.length === 0) return "empty";
  const file = fixtureNames().find((name) => sameBytes(name, body));
  if (file !== undefined) return `file ${file}`;
  const text = latin1(body);
  if (/[\x00-\x08\x0e-\x1f\x7f]/.test(text)) return "bytes";
  return /<[a-z!][^>]*>/i.test(text) ? "html" : "text";
}

let names: readonly string[] | undefined;

function fixtureNames(): readonly string[] {
  names ??= [
    ...readdirSync(join(packageRoot, "golden", "files")).filter((name) => name !== "SHA256SUMS"),
    "large.bin",
  ];
  return names;
}

function sameBytes(name: string, body: Uint8Array): boolean {
  // Made only where it can be the one: it takes 16 MiB.
  if (name === "large.bin" && body.length !== LARGE_BYTES) return false;
  const bytes = fixture(name);
  return bytes.length === body.length && Buffer.compare(bytes, body) === 0;
}
