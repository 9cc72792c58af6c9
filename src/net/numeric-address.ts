/** The one spelling of an address that datagrams come from: a name or `127.1` never equals it. */
import { lookup } from "node:dns/promises";
import { NetError } from "./tcp.ts";

/** The first IPv4 address of a name, dotted. Rejects with a NetError where it has none. */
export async function numericAddress(name: string): Promise<string> {
  const attempt = `looking up ${JSON.stringify(name)}`;
  let found;
  try {
    found = await lookup(name, { family: 4 });
  } catch (cause) {
    throw NetError.from(cause, attempt);
  }
  // An IPv6 address is its own answer, whatever family was asked for.
  if (found?.family === 4) return found.address;
  throw new NetError("ENOTFOUND", `${attempt}: no IPv4 address`);
}
