/** What a state file may hold: `HOST[:PORT]`, so strictly that half of an address is none. */
import { isIPv4, isIPv6 } from "node:net";

const SHAPE = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?$/;
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;
const MOST_HOST = 253;

/**
 * The address in this text, without space around it; undefined where it is none. `127.0.0.` and `1`
 * are none: a host that ends in a number is a whole IPv4 address (WHATWG URL, "ends in a number").
 */
export function stateAddress(text: string): string | undefined {
  const address = text.trim();
  const [matched, ipv6, host = "", port] = SHAPE.exec(address) ?? [];
  if (matched === undefined) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535)) return undefined;
  const right = ipv6 === undefined ? isHost(host) : isIPv6(ipv6);
  return right ? address : undefined;
}

function isHost(host: string): boolean {
  if (host.length > MOST_HOST) return false;
  const labels = host.split(".");
  if (/^[0-9]+$/.test(labels.at(-1) as string)) return isIPv4(host);
  return labels.every((label) => LABEL.test(label));
}
