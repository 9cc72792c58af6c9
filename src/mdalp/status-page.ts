/**
 * The orchestrator's results over HTTP. `/` is a page for people; a client that would rather have JSON
 * or text gets it there, or by name at `/status.json` and `/status.txt`.
 */
import { Buffer } from "node:buffer";
import { fieldValue, serveHttp, writeResponseHead } from "../http1/mod.ts";
import type { HttpServer } from "../http1/mod.ts";
import type { OrchestratorStatus } from "./orchestrator.ts";
import { statusHtml } from "./status-html.ts";
import { statusText } from "./status-text.ts";

type Format = "html" | "json" | "text";

const TYPES: Readonly<Record<Format, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  text: "text/plain; charset=utf-8",
};

const WRITERS: Readonly<Record<Format, (status: OrchestratorStatus) => string>> = {
  html: statusHtml,
  json: (status) => JSON.stringify(status),
  text: statusText,
};

const PATHS: Readonly<Record<string, Format>> = { "/status.json": "json", "/status.txt": "text" };

/** Rejects with a NetError when the address is taken. */
export function serveStatus(
  at: { readonly host: string; readonly port: number },
  status: () => OrchestratorStatus,
): Promise<HttpServer> {
  return serveHttp(at, {
    onRequest(exchange) {
      const [path = ""] = exchange.request.target.split("?");
      const format = path === "/"
        ? preferred(fieldValue(exchange.request.fields, "accept") ?? "")
        : Object.hasOwn(PATHS, path)
        ? PATHS[path]
        : undefined;
      if (!format) {
        const known = "there is /, /status.json and /status.txt\n";
        return exchange.answer(message(404, TYPES.text, known));
      }
      exchange.answer(message(200, TYPES[format], WRITERS[format](status())));
    },
    refuse: (found) =>
      message(found.status, TYPES.text, `${found.detail}\n`, true).toString("latin1"),
  });
}

/** The format that an Accept field asks for first; the page where it asks for none of them. */
export function preferred(accept: string): Format {
  let best: { readonly format: Format; readonly q: number } = { format: "html", q: 0 };
  for (const range of accept.split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const format = FORMATS.get(type);
    const q = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? 1);
    if (format && q > best.q) best = { format, q };
  }
  return best.format;
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ["text/html", "html"],
  ["application/json", "json"],
  ["text/plain", "text"],
]);

function message(status: number, type: string, body: string, close = false): Buffer {
  const bytes = Buffer.from(body);
  const head = writeResponseHead(status, [
    { name: "Content-Type", value: type },
    { name: "Content-Length", value: String(bytes.length) },
    { name: "Cache-Control", value: "no-store" },
    ...(close ? [{ name: "Connection", value: "close" }] : []),
  ]);
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}
