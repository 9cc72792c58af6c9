/** The head that goes to the server: the client's, as far as it is meant for the end. */
import type { Field, RequestHead } from "../http1/mod.ts";
import { isHopByHop, namedInConnection } from "./hop-by-hop.ts";
import { countsForwards, oneForwardLess } from "./max-forwards.ts";
import type { Target } from "./target.ts";
import { VIA } from "./via.ts";

/** Where a request comes from and goes to. */
export interface Route {
  /** The client's address. */
  readonly client: string;
  /** The server's `HOST:PORT`. */
  readonly upstream: string;
}

/** What is sent of a client's fields; the parser gives the same list where a client repeats itself. */
interface Passed {
  readonly minor: number;
  readonly client: string;
  /** Max-Forwards is one less. */
  readonly counted: boolean;
  /** Without Host where the target outranks it. */
  readonly text: string;
  readonly host: string | undefined;
}

const known = new WeakMap<readonly Field[], Passed>();

/**
 * The request to an upstream as a Latin-1 string with its empty line. The strict parser has seen to
 * it that nothing in the fields can end a line.
 */
export function requestHead(
  { method, fields, framing, minor }: RequestHead,
  { target, host }: Target,
  { client, upstream }: Route,
): string {
  const counted = countsForwards(method);
  let passed = known.get(fields);
  if (
    !passed || passed.minor !== minor || passed.client !== client || passed.counted !== counted
  ) {
    known.set(fields, passed = passedFields(fields, { minor, client, counted }));
  }
  const chunked = framing.kind === "chunked" ? "Transfer-Encoding: chunked\r\n" : "";
  return `${method} ${target} HTTP/1.1\r\nHost: ${host ?? passed.host ?? upstream}\r\n` +
    `${chunked}${passed.text}`;
}

function passedFields(
  fields: readonly Field[],
  { minor, client, counted }: Pick<Passed, "minor" | "client" | "counted">,
): Passed {
  const named = namedInConnection(fields);
  let text = "";
  let host: string | undefined;
  let via = VIA;
  let forwardedFor = client;
  for (const { name, value } of fields) {
    if (isHopByHop(name)) continue;
    const lower = name.toLowerCase();
    if (lower === "host") host = value;
    else if (lower === "via") via = `${value}, ${via}`;
    else if (lower === "x-forwarded-for") forwardedFor = `${value}, ${forwardedFor}`;
    else if (named?.has(lower)) continue;
    else if (counted && lower === "max-forwards") text += `${name}: ${oneForwardLess(value)}\r\n`;
    // A client of HTTP/1.0 knows no interim answers: RFC 9110, section 10.1.1.
    else if (lower !== "expect" || minor >= 1) text += `${name}: ${value}\r\n`;
  }
  text += `Via: ${via}\r\nX-Forwarded-For: ${forwardedFor}\r\n\r\n`;
  return { minor, client, counted, text, host };
}
