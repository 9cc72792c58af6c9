/** What the server behind a proxy reads, and what a client does. */
import type { Field } from "../../src/http1/mod.ts";
import { readWire } from "./smuggling-wire.ts";
import type { Reader, WireReading } from "./smuggling-wire.ts";

const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ (?<target>[^\s\0]+) HTTP\/1\.[01]$/;
const STATUS_LINE = /^HTTP\/1\.[01] (?<status>[1-9]\d\d)(?: .*)?$/;

const REQUESTS: Reader = {
  startLine: (line) => REQUEST_LINE.test(line) ? undefined : "a line that is no request line",
  head: requestHead,
  bodiless: () => false,
  unframed: "none",
  bareLf: false,
  closed: false,
};

/** No Host, or two, leaves nobody in doubt about where the message ends: the server refuses it. */
function requestHead(startLine: string, fields: readonly Field[]): string | undefined {
  const { target = "" } = REQUEST_LINE.exec(startLine)?.groups ?? {};
  const hosts = fields.filter(({ name }) => name.toLowerCase() === "host");
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  const host = hosts[0]?.value;
  if (authority !== undefined && host !== undefined && authority !== host) {
    return "a Host that is not the one of the target";
  }
  return undefined;
}

/** The requests that a proxy wrote on one connection to a server. */
export function readRequests(bytes: Uint8Array): WireReading {
  return readWire(bytes, REQUESTS);
}

export function statusOf(startLine: string): number {
  return Number(STATUS_LINE.exec(startLine)?.groups?.status ?? 0);
}

/**
 * The answers that a proxy gave a client on one connection, all to requests of one method. LF alone
 * ends a line here: a proxy that writes so leaves nobody in doubt.
 */
export function readResponses(bytes: Uint8Array, method: string, closed: boolean): WireReading {
  return readWire(bytes, {
    startLine: (line) => STATUS_LINE.test(line) ? undefined : "a line that is no status line",
    head: () => undefined,
    bodiless: (startLine) => {
      const status = statusOf(startLine);
      return method === "HEAD" || status < 200 || status === 204 || status === 304;
    },
    unframed: "close",
    bareLf: true,
    closed,
  });
}
