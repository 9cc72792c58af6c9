/** Turns a written message into the bytes to send: matchers that have one value are filled in. */
import { Buffer } from "node:buffer";
import { bytesOf } from "../bytes.ts";
import type { GoldenMessage } from "./parse.ts";

/** What the matchers of a case stand for. */
export interface GoldenValues {
  /** `{{NAME}}` with one value: addresses of the suite's stand-ins and of the program under test. */
  readonly texts: Readonly<Record<string, string>>;
  /** `{{server}}`: the listed servers as `host:port`, any of which will do. */
  readonly servers: readonly string[];
  /** The bytes of `{{file NAME}}`. */
  file(name: string): Uint8Array;
}

const MATCHER = /\{\{([^{}]*)\}\}/g;

/** The bytes of a message that the suite sends. */
export function expandMessage(message: GoldenMessage, raw: boolean, values: GoldenValues): Buffer {
  if (raw) return bytesOf(fill(message.head.join("\n"), values));
  const body = message.body === undefined ? undefined : expandBody(message.body, values);
  const lines = message.head.map((line) =>
    fill(line.replace("{{length}}", String(body?.length ?? 0)), values)
  );
  // Without an empty line as written the head is left open: lines that never end in one.
  const head = lines.map((line) => `${line}\r\n`).join("") + (body === undefined ? "" : "\r\n");
  return Buffer.concat([bytesOf(head), body ?? bytesOf("")]);
}

/** The bytes of a body: literal text and `{{file NAME}}`. */
export function expandBody(body: string, values: GoldenValues): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const match of body.matchAll(MATCHER)) {
    const name = /^file (.+)$/.exec(match[1] as string)?.[1];
    if (name === undefined) continue;
    parts.push(bytesOf(fill(body.slice(at, match.index), values)), values.file(name));
    at = match.index + match[0].length;
  }
  parts.push(bytesOf(fill(body.slice(at), values)));
  return Buffer.concat(parts);
}

function fill(text: string, values: GoldenValues): string {
  return text.replace(MATCHER, (found, name: string) => {
    if (Object.hasOwn(values.texts, name)) return values.texts[name] as string;
    if (name === "server" && values.servers[0] !== undefined) return values.servers[0];
    const repeat = /^repeat (\d+) (.+)$/.exec(name);
    if (repeat) return (repeat[2] as string).repeat(Number(repeat[1]));
    throw new SyntaxError(`${found} has no one value, so it cannot be sent`);
  });
}
