/**
 * Which fields end at this hop: RFC 9110, section 7.6.1. Names are told apart by their length first,
 * since every field of every message passes here.
 */
import type { Field } from "../http1/mod.ts";

const NAMES = [
  "connection",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Fields of a proxy of the client's own; not those of its user. */
const PROXY_PREFIX = "proxy-";

/** Naming these in Connection would change what the message is, so that it has no effect. */
const KEPT = new Set(["content-length", "host"]);

const LENGTHS = new Set(NAMES.map(({ length }) => length));

/** Whether a field goes no further, by its name in small letters or any other. */
export function isHopByHop(name: string): boolean {
  if (name.length > PROXY_PREFIX.length && (name.charCodeAt(0) | 0x20) === 0x70) {
    return name.slice(0, PROXY_PREFIX.length).toLowerCase() === PROXY_PREFIX;
  }
  return LENGTHS.has(name.length) && NAMES.includes(name.toLowerCase());
}

/** The further fields that Connection names, in small letters; undefined for none. */
export function namedInConnection(fields: readonly Field[]): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (const { name, value } of fields) {
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    if (value === "keep-alive" || value === "close") continue;
    for (const part of value.split(",")) {
      const token = part.trim().toLowerCase();
      if (token === "" || KEPT.has(token)) continue;
      (named ??= new Set()).add(token);
    }
  }
  return named;
}
