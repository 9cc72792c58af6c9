/** The head that goes to the client: the server's, as far as it is meant for the end. */
import type { Field, ResponseHead } from "../http1/mod.ts";
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

/** What is sent of a server's fields; the parser gives the same list where a server repeats itself. */
interface Passed {
  readonly sized: boolean;
  readonly text: string;
  readonly dated: boolean;
}

const known = new WeakMap<readonly Field[], Passed>();

/** The answer's head as a Latin-1 string with its empty line. */
export function responseHead(head: ResponseHead, client: ClientSide): string {
  const { status, reason, fields, framing } = head;
  // Of a bodiless answer a length is a statement; beside chunks it has been refused.
  const sized = framing.kind === "length" || (framing.kind === "none" && status !== 204);
  let passed = known.get(fields);
  if (passed?.sized !== sized) known.set(fields, passed = passedFields(fields, sized));
  let text = `HTTP/1.1 ${status} ${reason}\r\n${passed.text}`;
  if (!passed.dated) text += `Date: ${httpDate()}\r\n`;
  if (client.framing === "chunked") text += "Transfer-Encoding: chunked\r\n";
  if (!client.keepAlive) text += "Connection: close\r\n";
  else if (client.minor === 0) text += "Connection: keep-alive\r\n";
  return `${text}\r\n`;
}

/** An interim answer, RFC 9110, section 15.2: its fields that are meant for the end. */
export function interimHead({ status, reason, fields }: ResponseHead): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${passedFields(fields, false).text}\r\n`;
}

function passedFields(fields: readonly Field[], withLength: boolean): Passed {
  const named = namedInConnection(fields);
  let text = "";
  let dated = false;
  let sized = !withLength;
  let via = VIA;
  for (const { name, value } of fields) {
    if (isHopByHop(name)) continue;
    const lower = name.toLowerCase();
    if (lower === "via") via = `${value}, ${via}`;
    if (lower === "via" || named?.has(lower)) continue;
    if (lower === "date") {
      if (dated) continue;
      dated = true;
    } else if (lower === "content-length") {
      if (sized) continue;
      sized = true;
    }
    text += `${name}: ${value}\r\n`;
  }
  return { sized: withLength, text: `${text}Via: ${via}\r\n`, dated };
}
