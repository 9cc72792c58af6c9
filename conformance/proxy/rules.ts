/** The rules of the proxy system, one for one from its spec page. */
import type { Rule } from "../engine/case.ts";
import { rulesOf } from "../engine/rule-rows.ts";
import type { RuleRow } from "../engine/rule-rows.ts";

const ROWS: readonly RuleRow[] = [
  [
    "proxy.forwards",
    "MUST",
    "method, path and query reach the server in the state file; status, end-to-end headers and body come back unchanged (Server, Date, Via may differ)",
    "the request at the server, and the answer at the client",
  ],
  [
    "proxy.body-intact",
    "MUST",
    "bodies identical: empty, every byte value, 1 MiB, 64 MiB; with Content-Length, chunked, or ended by close",
    "the body at the client, byte for byte",
  ],
  [
    "proxy.follows-file",
    "MUST",
    "requests that start 1 s or more after the file changed go to the new server",
    "which server is asked",
  ],
  [
    "proxy.new-address",
    "MUST",
    "an address not seen before works and is counted",
    "which server is asked, and the usage counts where there are any",
  ],
  [
    "proxy.server-down",
    "MUST",
    "refused or reset connection: 502, 503 or 504 within 3 s, and the next request works",
    "status, and the time to it",
  ],
  [
    "proxy.server-silent",
    "MUST",
    "no answer in the time limit (2 s by default): 502 or 504, other clients are not held up",
    "status, and the time to it",
  ],
  [
    "proxy.file-missing",
    "MUST",
    "missing, empty, half-written or garbage file: 502, 503 or the last good server, never a crash",
    "status, and that the next request works",
  ],
  [
    "proxy.counts",
    "MAY",
    "its usage counts (stdout or `results`) equal what healthy servers received, with no empty address",
    "counts printed, against requests at the servers",
  ],
  [
    "proxy.hop-by-hop",
    "SHOULD",
    "Connection, Keep-Alive, TE, Trailer, Upgrade, Proxy-* and what Connection names are not passed on; Via or X-Forwarded-For may be added",
    "fields at the server and at the client",
  ],
  ["proxy.no-duplicate-headers", "SHOULD", "Date and Server once", "fields at the client"],
  [
    "proxy.redirect-through",
    "SHOULD",
    "a 301 of the server is passed on, not followed (the published proxy follows it)",
    "status and Location at the client, requests at the servers",
    "expected",
  ],
  [
    "proxy.encoding-kept",
    "MUST",
    "a gzip body and its Content-Encoding agree; several Set-Cookie stay several (the published proxy decodes the body, keeps the header and joins cookies)",
    "fields and body at the client",
  ],
  [
    "proxy.request-headers",
    "SHOULD",
    "the client's end-to-end headers reach the server",
    "fields at the server",
    "expected",
  ],
  [
    "proxy.post",
    "SHOULD",
    "POST with a body is forwarded whole, or refused with 405/501; never half",
    "the request's body at the server",
    "expected",
  ],
  [
    "proxy.concurrent",
    "MUST",
    "50 clients; one slow server answer does not stop the rest",
    "answers while one is waited for",
    "expected",
  ],
  [
    "proxy.client-leaves",
    "SHOULD",
    "a client that goes away mid-answer leaves the proxy working and no connection behind",
    "the connection at the server, and the next request",
  ],
  [
    "proxy.no-smuggling",
    "MUST",
    "both Content-Length and Transfer-Encoding, two lengths, a bare LF, obs-fold: 400, or forwarded so that both sides agree on one message",
    "status, and the bytes at the server",
    "security",
  ],
  [
    "proxy.truncated",
    "MUST",
    "a server that dies mid-body under Content-Length or chunked: the client can tell (short length, unfinished chunks or reset), never a clean end",
    "how the answer ends at the client",
  ],
  [
    "selector.writes-listed",
    "MUST",
    "only ever writes a listed server",
    "the state file, read again and again",
  ],
  [
    "selector.atomic",
    "SHOULD",
    "a reader never sees an empty or partial file (read it 10,000 times during rewrites)",
    "the state file, read again and again",
  ],
  [
    "selector.interval",
    "MUST",
    "rewrites at its interval: random 5 s, history 1 s",
    "times of the rewrites",
  ],
  [
    "selector.random-both",
    "MUST",
    "random: both servers are picked over 60 rewrites",
    "the sequence of servers written",
  ],
  [
    "selector.history-even",
    "MUST",
    "history: counts differ by at most 1, the first on a tie",
    "the sequence of servers written",
  ],
];

export const proxyRules: readonly Rule[] = rulesOf("proxy", ROWS);
