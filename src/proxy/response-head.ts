/** The head that goes to the client: the server's, as far as it is meant for the end. */
import type { ResponseHead } from "../http1/mod.ts";
import { httpDate } from "./http-date.ts";
import { isHopByHop, namedInConnection } from "./hop-by-hop.ts";
import { VIA } from "./request-head.ts";

/** How the body goes to the client. */
export type BodyFraming = "as-it-is" | "chunked" | "close";

/** What the client's side needs said in the head. */
export interface ClientSide {
  readonly framing: BodyFraming;
  readonly keepAlive: boolean;
  /** The client's minor version. */
  readonly minor: number;
}

/** How a body of the server's is told to the client: RFC 9112, section 7.1, of HTTP/1.1 alone. */
export function bodyFraming({ framing }: ResponseHead, minor: number): BodyFraming {
  if (framing.kind === "none" || framing.kind === "length") return "as-it-is";
  return minor >= 1 ? "chunked" : "close";
}

/** The answer's head as a Latin-1 string with its empty line. */
export function responseHead(head: ResponseHead, client: ClientSide): string {
  const { status, reason, fields, framing } = head;
  const named = namedInConnection(fields);
  // A length beside chunks, or twice, has been refused; of a bodiless one it is a statement only.
  const lengthCounts = framing.kind === "length" || (framing.kind === "none" && status !== 204);
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  let dated = false;
  let sized = false;
  let via = VIA;
  for (const { name, value } of fields) {
    if (isHopByHop(name)) continue;
    const { length } = name;
    if (length === 4 || length === 14 || length === 3) {
      const lower = name.toLowerCase();
      if (lower === "date") {
        if (dated) continue;
        dated = true;
      } else if (lower === "content-length") {
        if (sized || !lengthCounts) continue;
        sized = true;
      } else if (lower === "via") {
        via = `${value}, ${via}`;
        continue;
      }
    }
    if (named?.has(name.toLowerCase())) continue;
    text += `${name}: ${value}\r\n`;
  }
  if (!dated) text += `Date: ${httpDate()}\r\n`;
  if (client.framing === "chunked") text += "Transfer-Encoding: chunked\r\n";
  if (!client.keepAlive) text += "Connection: close\r\n";
  else if (client.minor === 0) text += "Connection: keep-alive\r\n";
  return `${text}Via: ${via}\r\n\r\n`;
}

/** An interim answer, RFC 9110, section 15.2: its fields that are meant for the end. */
export function interimHead({ status, reason, fields }: ResponseHead): string {
  const named = namedInConnection(fields);
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const { name, value } of fields) {
    const lower = name.toLowerCase();
    if (isHopByHop(name) || lower === "content-length" || named?.has(lower)) continue;
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
