/** Orchestrators of MDALP that tell how a transaction ended in another way, or never end it. */
import { startOrchestrator } from "../../src/mdalp/orchestrator.ts";
import type { OrchestratorStatus } from "../../src/mdalp/orchestrator.ts";
import type { TransactionReport } from "../../src/mdalp/transaction-report.ts";
import { resultOf, RESULTS } from "../../src/mdalp/verdict.ts";
import { options, orchestrator, parts } from "./mdalp-orchestrator.ts";
import type { OrchestratorMutant } from "./types.ts";

/** The longest that a timer can wait: 24 days. */
const NEVER_MS = 2 ** 31 - 1;

/** A report that looks otherwise as JSON; as text it stays what it is. */
function asJson(
  report: TransactionReport,
  change: (report: TransactionReport) => unknown,
): TransactionReport {
  return Object.assign({ ...report }, { toJSON: () => change(report) });
}

/** What `change` makes of each report stands in the JSON. */
const published = (change: (report: TransactionReport) => unknown) =>
  parts({ publish: (report) => asJson(report, change) });

/** The same without some fields, at any depth. */
function without(value: unknown, names: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(value), (key, one) => names.includes(key) ? undefined : one);
}

/** The status as JSON is one string, in which people can read. */
function asOneString(status: OrchestratorStatus): OrchestratorStatus {
  return Object.assign({ ...status }, {
    toJSON: () => status.ended.map(({ tid, result }) => `transaction ${tid}: ${result}`).join("\n"),
  });
}

function evenly(report: TransactionReport): unknown {
  const { receivers } = report;
  const share = 1 / receivers.length;
  const bytes = report.bytes * share;
  return {
    ...report,
    receivers: receivers.map((own) => ({ ...own, packets: 20, bytes, share })),
  };
}

export const orchestratorResultMutants: readonly OrchestratorMutant[] = [
  orchestrator(
    "verdict",
    "always-completed",
    "calls each transaction completed",
    parts({ result: () => RESULTS.completed }),
  ),
  orchestrator(
    "verdict",
    "no-violation",
    "never finds a load balancing violation",
    parts({ result: (complete) => resultOf(complete, false) }),
  ),
  orchestrator(
    "verdict",
    "swapped",
    "takes complete data for incomplete, and the other way round",
    parts({ result: (complete, violation) => resultOf(!complete, violation) }),
  ),
  orchestrator(
    "verdict",
    "own-words",
    "ends transactions in words of its own in the JSON",
    published((report) => ({ ...report, result: report.result.replace("Transaction ", "") })),
  ),
  orchestrator(
    "verdict",
    "no-json",
    "gives its results as text where JSON is asked for",
    async (given) => {
      const running = await startOrchestrator(given);
      return { ...running, status: () => asOneString(running.status()) };
    },
  ),
  orchestrator(
    "verdict",
    "no-tid",
    "leaves the TID out of its JSON",
    published((report) => without(report, ["tid"])),
  ),
  orchestrator(
    "verdict",
    "no-shares",
    "leaves the receivers' shares out of its JSON",
    published((report) => without(report, ["packets", "bytes", "share"])),
  ),
  orchestrator(
    "verdict",
    "no-times",
    "leaves the times out of its JSON",
    published((report) => without(report, ["elapsedMs"])),
  ),
  orchestrator(
    "verdict",
    "no-timeouts",
    "leaves the number of timeouts out of its JSON",
    published((report) => without(report, ["timeouts"])),
  ),
  orchestrator("verdict", "even-shares", "reports even shares, whatever came", published(evenly)),
  orchestrator(
    "deadline",
    "patient",
    "never gives a transaction up",
    options({ limitMs: NEVER_MS }),
  ),
];
