/** Balancers whose answers break one rule. */
import { balancerParts, page } from "../../src/redirect/mod.ts";
import type { BalancerParts } from "../../src/redirect/mod.ts";
import {
  crashOnShortLine,
  readLine,
  readOnce,
  takeAnyMethod,
  takeAnyVersion,
  takeNul,
} from "./driver.ts";
import { withStatus } from "./pages.ts";
import { balancer, same } from "./redirect-balancer.ts";
import type { BalancerMutant } from "./types.ts";

type Redirect = BalancerParts["redirect"];

/** The 301 with its text changed. */
const answering = (change: (message: string) => string) => (): Partial<BalancerParts> => ({
  redirect: (...given: Parameters<Redirect>) => change(balancerParts.redirect(...given)),
});

/** The 301 to another path than the one asked for. */
const leading = (change: (target: string) => string) => (): Partial<BalancerParts> => ({
  redirect: (upstream, target, ...rest) =>
    balancerParts.redirect(upstream, change(target), ...rest),
});

/** The Location field alone changed; the body keeps the right one. */
const locating = (change: (location: string) => string) =>
  answering((message) =>
    message.replace(/Location: (.*)\r\n/, (_, value: string) => `Location: ${change(value)}\r\n`)
  );

/** The body changed, with its length. */
const saying = (body: string) =>
  answering((message) => {
    const [head = "", old = ""] = message.split("\r\n\r\n");
    const text = old === "" ? "" : body;
    return `${
      head.replace(/Content-Length: \d+/, `Content-Length: ${body.length}`)
    }\r\n\r\n${text}`;
  });

function pathOnly(change: (path: string) => string) {
  return leading((target) => target.replace(/^[^?]*/, change));
}

function decoded(path: string): string {
  const text = unescape(path);
  return /[^\x20-\xff]/.test(text) ? path : text;
}

export const answerMutants: readonly BalancerMutant[] = [
  balancer(
    "301",
    "302",
    "answers 302 Found",
    answering((message) => message.replace("301 Moved Permanently", "302 Found")),
  ),
  balancer(
    "301",
    "reason",
    "answers 301 with the reason OK",
    answering((message) => message.replace("301 Moved Permanently", "301 OK")),
  ),
  balancer(
    "location",
    "unescapes",
    "puts the path unescaped into Location",
    pathOnly(decoded),
  ),
  balancer(
    "location",
    "base-name",
    "leaves the folders of the path off",
    pathOnly((path) => path.slice(path.lastIndexOf("/"))),
  ),
  balancer(
    "location",
    "index",
    "sends clients of the root on to /index.html",
    pathOnly((path) => path === "/" ? "/index.html" : path),
  ),
  balancer(
    "location",
    "space",
    "puts a space before the host in Location",
    locating((location) => location.replace("//", "// ")),
  ),
  balancer("location-query", "no-query", "drops the query", leading((t) => t.split("?")[0]!)),
  balancer(
    "location-query",
    "query-in-html",
    "escapes the query as if it stood in HTML",
    locating((location) => location.replaceAll("&", "&amp;")),
  ),
  balancer("html-body", "plain-body", "sends plain text for a body", saying("It has moved.\n")),
  balancer("html-body", "no-body", "sends no body", saying("")),
  balancer(
    "content-type",
    "text-plain",
    "says text/plain of its body",
    answering((message) => message.replace("text/html; charset=utf-8", "text/plain")),
  ),
  balancer(
    "content-type",
    "no-type",
    "says no Content-Type",
    answering((message) => message.replace(/Content-Type: .*\r\n/, "")),
  ),
  balancer(
    "message-ends",
    "no-length",
    "leaves the connection open without a Content-Length",
    answering((message) => message.replace(/Content-Length: .*\r\n/, "")),
  ),
  balancer(
    "message-ends",
    "length-too-long",
    "announces ten bytes more than it sends",
    answering((message) => message.replace(/(?<=Content-Length: )\d+/, (n) => `${+n + 10}`)),
  ),
  balancer("bad-request", "crash", "ends at a request line of one word", same, crashOnShortLine),
  balancer("bad-request", "nul", "takes a NUL for a letter", same, takeNul),
  balancer("bad-request", "any-version", "takes every version for HTTP/1.1", same, takeAnyVersion),
  balancer("bad-request", "200-for-bad", "answers a malformed request with 200", () => ({
    page: withStatus([400, 414, 431, 505], 200),
  })),
  balancer("method", "any-method", "takes every method for GET", same, takeAnyMethod),
  balancer("method", "400-for-method", "answers another method with 400", () => ({
    page: withStatus([405, 501], 400),
  })),
  balancer(
    "no-header-injection",
    "unescapes-line-ends",
    "puts %0d and %0a of a path unescaped into Location",
    leading((target) => /%0[ad]/i.test(target) ? unescape(target) : target),
  ),
  balancer(
    "fragmented-request",
    "read-once",
    "takes the first piece for all of it",
    same,
    readOnce,
  ),
  balancer("fragmented-request", "read-line", "answers after the first line", same, readLine),
  balancer("no-servers-left", "500", "answers 500 when no server is left", () => ({
    page: (status, options) => page(status === 503 ? 500 : status, options),
  })),
];
