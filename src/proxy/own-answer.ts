/** Answers to what a client asks the proxy itself: OPTIONS and TRACE that go no further. */
import { writeResponseHead } from "../http1/mod.ts";
import type { RequestHead } from "../http1/mod.ts";

/** What is passed on to servers; whether they take it is theirs to say. */
const PASSED_ON = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";

/** Not to be shown to whoever made a browser ask: RFC 9110, section 9.3.8. */
const SECRET = new Set(["authorization", "cookie", "proxy-authorization"]);

/** The whole answer, as a Latin-1 string. */
export function ownAnswer(request: RequestHead, { close }: { readonly close: boolean }): string {
  const body = request.method === "TRACE" ? echo(request) : "";
  return writeResponseHead(200, [
    body === ""
      ? { name: "Allow", value: PASSED_ON }
      : { name: "Content-Type", value: "message/http" },
    { name: "Content-Length", value: String(body.length) },
    ...(close ? [{ name: "Connection", value: "close" }] : []),
  ]) + body;
}

function echo({ method, target, minor, fields }: RequestHead): string {
  const shown = fields.filter(({ name }) => !SECRET.has(name.toLowerCase()));
  const lines = shown.map(({ name, value }) => `${name}: ${value}\r\n`).join("");
  return `${method} ${target} HTTP/1.${minor}\r\n${lines}\r\n`;
}
