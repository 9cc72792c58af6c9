/** The orchestrator's results over HTTP: a page for people at `/`, JSON for scripts at `/status.json`. */
import { Buffer } from "node:buffer";
import { serveHttp, writeResponseHead } from "../http1/mod.ts";
import type { HttpServer } from "../http1/mod.ts";
import type { OrchestratorStatus, TransactionReport } from "./orchestrator.ts";

export function serveStatus(
  at: { readonly host: string; readonly port: number },
  status: () => OrchestratorStatus,
): Promise<HttpServer> {
  return serveHttp(at, {
    onRequest(exchange) {
      const [path] = exchange.request.target.split("?");
      if (path === "/status.json") {
        return exchange.answer(message(200, "application/json", JSON.stringify(status())));
      }
      const page = path === "/" ? statusPage(status()) : "<h1>Not found</h1>";
      exchange.answer(message(path === "/" ? 200 : 404, "text/html; charset=utf-8", page));
    },
    refuse: (found) =>
      message(found.status, "text/plain", `${found.detail}\n`, true).toString("latin1"),
  });
}

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

/** Everything shown is made here or is an address, so that nothing needs escaping. */
export function statusPage(status: OrchestratorStatus): string {
  const now = status.current
    ? `transaction ${status.current.tid} of ${status.current.client}, ${status.current.packets} packets`
    : "none";
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>MDALP orchestrator</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:1.5rem;max-width:60rem}
table{border-collapse:collapse}td,th{border:1px solid;padding:.2rem .6rem;text-align:left}</style></head>
<body><h1>MDALP orchestrator</h1>
<p>Receivers: ${status.receivers.join(", ") || "none"}</p><p>Now: ${now}</p>
<p>Waiting: ${status.waiting.join(", ") || "nobody"}</p>
${status.ended.map(section).join("\n")}
</body></html>
`;
}

function section(report: TransactionReport): string {
  const rows = report.receivers.map(({ address, packets, bytes, copies }) => {
    const share = report.bytes === 0 ? 0 : Math.round(100 * bytes / report.bytes);
    return `<tr><td>${address}</td><td>${packets}</td><td>${bytes}</td><td>${share} %</td><td>${copies}</td></tr>`;
  });
  return `<h2>Transaction ${report.tid}</h2><p><strong>${report.result}</strong> ${report.bytes} bytes ` +
    `in ${
      (report.elapsedMs / 1000).toFixed(1)
    } s, client ${report.client}, ${report.started}</p>\n` +
    `<table><tr><th>receiver</th><th>packets</th><th>bytes</th><th>share</th><th>sent again</th></tr>` +
    `${rows.join("")}</table>`;
}
