/** The head that goes to the server: the client's, as far as it is meant for the end. */
import type { RequestHead } from "../http1/mod.ts";
import { isHopByHop, namedInConnection } from "./hop-by-hop.ts";
import type { Target } from "./target.ts";

/** By what the messages that passed here are known: RFC 9110, section 7.6.3. */
export const VIA = "1.1 steelyard";

/**
 * The request to an upstream as a Latin-1 string with its empty line. The strict parser has seen to
 * it that nothing in the fields can end a line.
 */
export function requestHead(
  { method, fields, framing, minor }: RequestHead,
  { target, host }: Target,
  client: string,
  upstream: string,
): string {
  const named = namedInConnection(fields);
  let text = `${method} ${target} HTTP/1.1\r\n`;
  let hosted = false;
  let forwardedFor = client;
  let via = VIA;
  if (host !== undefined) {
    text += `Host: ${host}\r\n`;
    hosted = true;
  }
  for (const { name, value } of fields) {
    if (isHopByHop(name)) continue;
    const { length } = name;
    if (length === 4 || length === 3 || length === 6 || length === 15) {
      const lower = name.toLowerCase();
      if (lower === "host") {
        if (hosted) continue;
        hosted = true;
      } else if (lower === "via") {
        via = `${value}, ${via}`;
        continue;
      } else if (lower === "x-forwarded-for") {
        forwardedFor = `${value}, ${forwardedFor}`;
        continue;
      } // A client of HTTP/1.0 knows no interim answers: RFC 9110, section 10.1.1.
      else if (lower === "expect" && minor === 0) continue;
    }
    if (named?.has(name.toLowerCase())) continue;
    text += `${name}: ${value}\r\n`;
  }
  if (!hosted) text += `Host: ${upstream}\r\n`;
  if (framing.kind === "chunked") text += "Transfer-Encoding: chunked\r\n";
  return `${text}Via: ${via}\r\nX-Forwarded-For: ${forwardedFor}\r\n\r\n`;
}
