/** The head that goes to the client: the server's, as far as it is meant for the end. */
import type { Field, ResponseHead } from "../http1/mod.ts";
import { httpDate } from "./http-date.ts";
import { isHopByHop, namedInConnection } from "./hop-by-hop.ts";
import { VIA } from "./via.ts";

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

/** Content-Length as the framing has it, as a statement on a body that does not come, or none. */
type Length = number | "stated" | undefined;

/** What is sent of a server's fields; the parser gives the same list where a server repeats itself. */
interface Passed {
  readonly length: Length;
  readonly text: string;
  readonly dated: boolean;
}

const known = new WeakMap<readonly Field[], Passed>();

/** The answer's head as a Latin-1 string with its empty line. */
export function responseHead(head: ResponseHead, client: ClientSide): string {
  const { status, reason, fields, framing } = head;
  const length = lengthOf(framing, status);
  let passed = known.get(fields);
  if (!passed || passed.length !== length) known.set(fields, passed = passedFields(fields, length));
  let text = `HTTP/1.1 ${status} ${reason}\r\n${passed.text}`;
  if (!passed.dated) text += `Date: ${httpDate()}\r\n`;
  if (client.framing === "chunked") text += "Transfer-Encoding: chunked\r\n";
  if (!client.keepAlive) text += "Connection: close\r\n";
  else if (client.minor === 0) text += "Connection: keep-alive\r\n";
  return `${text}\r\n`;
}

/** An interim answer, RFC 9110, section 15.2: its fields that are meant for the end. */
export function interimHead({ status, reason, fields }: ResponseHead): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${passedFields(fields, undefined).text}\r\n`;
}

/** An answer to HEAD and a 304 say how long the body would be. */
function lengthOf(framing: ResponseHead["framing"], status: number): Length {
  if (framing.kind === "length") return framing.length;
  return framing.kind === "none" && status !== 204 ? "stated" : undefined;
}

function passedFields(fields: readonly Field[], length: Length): Passed {
  const named = namedInConnection(fields);
  let text = "";
  let dated = false;
  let sized = length === undefined;
  let via = VIA;
  for (const { name, value } of fields) {
    const lower = name.toLowerCase();
    if (isHopByHop(lower) || named?.has(lower)) continue;
    let written = value;
    if (lower === "via") {
      via = `${value}, ${via}`;
      continue;
    } else if (lower === "date") {
      if (dated) continue;
      dated = true;
    } else if (lower === "content-length") {
      // Once, and as a number, whatever way the server wrote it.
      if (typeof length === "number") written = String(length);
      if (sized || !/^\d+$/.test(written)) continue;
      sized = true;
    }
    text += `${name}: ${written}\r\n`;
  }
  return { length, text: `${text}Via: ${via}\r\n`, dated };
}
