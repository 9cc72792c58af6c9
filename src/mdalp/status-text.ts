/** The orchestrator's results as lines of text, the latest first. */
import type { OrchestratorStatus } from "./orchestrator.ts";
import type { TransactionReport } from "./transaction-report.ts";

export function statusText({ receivers, current, waiting, ended }: OrchestratorStatus): string {
  const now = current
    ? `transaction ${current.tid} of ${current.client}, ${current.packets} packets`
    : "none";
  const lines = [
    `receivers: ${receivers.join(", ") || "none"}`,
    `now: ${now}`,
    `waiting: ${waiting.join(", ") || "nobody"}`,
    ...ended.flatMap(linesOf),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function linesOf(report: TransactionReport): string[] {
  const { tid, client, started, result, bytes, elapsedMs } = report;
  return [
    "",
    `transaction ${tid} of ${client}, ${started}: ${result}`,
    `  ${bytes} bytes in ${seconds(elapsedMs)}`,
    ...report.receivers.map((own) =>
      `  ${own.address}: ${own.packets} packets, ${own.bytes} bytes, ` +
      `${(100 * own.share).toFixed(1)} %, ${own.timeouts} timeouts, ${seconds(own.elapsedMs)}`
    ),
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Nothing here drives a terminal. */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, "?");
}
