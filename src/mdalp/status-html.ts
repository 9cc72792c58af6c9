/** The orchestrator's page for people; it fetches itself anew every two seconds. */
import type { OrchestratorStatus } from "./orchestrator.ts";
import type { TransactionReport } from "./transaction-report.ts";

export function statusHtml(status: OrchestratorStatus): string {
  const { current, waiting, receivers } = status;
  const now = current
    ? `transaction ${current.tid} of ${current.client}, ${current.packets} packets`
    : "none";
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>MDALP orchestrator</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:1.5rem;max-width:60rem}
table{border-collapse:collapse}td,th{border:1px solid;padding:.2rem .6rem;text-align:left}</style></head>
<body><h1>MDALP orchestrator</h1>
<p>Receivers: ${escape(receivers.join(", ") || "none")}</p>
<p>Now: ${escape(now)}</p>
<p>Waiting: ${escape(waiting.join(", ") || "nobody")}</p>
${status.ended.map(section).join("\n")}
</body></html>
`;
}

const HEADINGS = ["receiver", "packets", "bytes", "share", "timeouts", "time"];

function section(report: TransactionReport): string {
  const { tid, result, client, bytes, elapsedMs, started } = report;
  const rows = report.receivers.map((own) =>
    row("td", [
      own.address,
      own.packets,
      own.bytes,
      `${(100 * own.share).toFixed(0)} %`,
      own.timeouts,
      seconds(own.elapsedMs),
    ])
  );
  const facts = `${bytes} bytes in ${seconds(elapsedMs)}, client ${client}, ${started}`;
  return `<h2>Transaction ${escape(tid)}</h2>\n` +
    `<p><strong>${escape(result)}</strong> ${escape(facts)}</p>\n` +
    `<table>${row("th", HEADINGS)}${rows.join("")}</table>`;
}

function row(tag: "td" | "th", cells: readonly (string | number)[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string | number): string {
  return String(text).replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}
