/** Which fields end at this hop: RFC 9110, section 7.6.1. */
import type { Field } from "../http1/mod.ts";

const NAMES = new Set([
  "connection",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Fields between a client and its proxy; what is meant for the server has other names. */
const PROXY_PREFIX = "proxy-";

/** Naming these in Connection would change what the message is, so that it has no effect. */
const KEPT = new Set(["content-length", "host"]);

/** Whether a field goes no further, by its name in any case. */
export function isHopByHop(name: string): boolean {
  const lower = name.toLowerCase();
  return NAMES.has(lower) || lower.startsWith(PROXY_PREFIX);
}

/** The further fields that Connection names, in small letters; undefined for none. */
export function namedInConnection(fields: readonly Field[]): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (const { name, value } of fields) {
    if (name.toLowerCase() !== "connection") continue;
    for (const part of value.split(",")) {
      const token = part.trim().toLowerCase();
      if (token === "" || KEPT.has(token)) continue;
      (named ??= new Set()).add(token);
    }
  }
  return named;
}
