/**
 * CSV (RFC 4180), a line for each set-up in each round, values raw. Where the client was the limit a
 * line has no value and no latency of the server: `value_bound` tells what it does at least (a rate)
 * or at most (a time). Where too many requests of an open loop failed, `value_bound` is what it takes at
 * least, and the latencies have those requests with their time limit. A void round has neither.
 */
import { METRICS } from "../model.ts";
import type { Results, RoundResult, SetUpResult, WorkloadResult } from "../results.ts";
import { isBoundRound } from "../run/unanswered.ts";
import { total } from "./figures.ts";
import { harmless } from "./text.ts";

type Value = string | number | boolean | null;

export function csv(results: Results): string {
  const rows = results.workloads.flatMap((workload) =>
    workload.setUps.flatMap((setUp) =>
      setUp.rounds.map((round) => fields(workload, setUp, round, results))
    )
  );
  // A file without rounds has its header still.
  const header = COLUMNS.map(([name]) => name);
  return [header, ...rows].map((row) => row.map(field).join(",") + "\r\n").join("");
}

type Column = readonly [
  name: string,
  of: (
    on: { workload: WorkloadResult; setUp: SetUpResult; round: RoundResult; results: Results },
  ) => Value,
];

const LATENCIES = ["min", "mean", "p50", "p90", "p95", "p99", "p999", "max"] as const;

const COLUMNS: readonly Column[] = [
  ["started_utc", ({ results }) => results.started],
  ["seed", ({ results }) => results.seed],
  ["workload", ({ workload }) => workload.name],
  ["set_up", ({ setUp }) => setUp.id],
  ["group", ({ setUp }) => setUp.group],
  ["name", ({ setUp }) => setUp.name],
  ["runtime", ({ setUp }) => setUp.runtime],
  ["balanced", ({ setUp }) => setUp.balanced],
  ["parameters_json", ({ setUp }) => JSON.stringify(setUp.parameters)],
  ["round", ({ round }) => round.round],
  ["turn", ({ round }) => round.turn],
  ["round_started_ms", ({ round }) => round.startedMs],
  ["wall_ms", ({ round }) => round.wallMs],
  ["metric", ({ setUp }) => setUp.metric],
  ["unit", ({ setUp }) => METRICS[setUp.metric].unit],
  ["value", (on) => hasValue(on) ? on.round.value : null],
  ["value_bound", (on) => hasValue(on) ? null : on.round.value],
  ["requests", ({ round }) => round.requests],
  ["body_bytes", ({ round }) => round.bytes],
  ["failed", ({ round }) => total(round.failures)],
  ["failures_json", ({ round }) => JSON.stringify(round.failures)],
  ...LATENCIES.map((name): Column => [
    `latency_${name}_us`,
    (on) => isLimited(on) || on.round.latency.count === 0 ? null : on.round.latency[name],
  ]),
  ["servers_json", ({ round }) => JSON.stringify(round.servers)],
  ["counts_json", ({ round }) => JSON.stringify(round.counts)],
  ["client_busy_share", ({ round }) => round.client?.busy ?? null],
  ["client_late_p99_us", ({ round }) => round.client?.lateP99 ?? null],
  ["server_busy_share", ({ round }) => round.serverBusy],
  ["client_limited", (on) => isLimited(on)],
  ["outlier", ({ round }) => round.outlier],
  ["void_reason", ({ round }) => round.void],
  ["mismatch_json", ({ round }) => round.mismatch && JSON.stringify(round.mismatch)],
];

function hasValue(on: { setUp: SetUpResult; round: RoundResult }): boolean {
  return !isLimited(on) && !isBoundRound(on.setUp.metric, on.round);
}

function isLimited({ setUp, round }: { setUp: SetUpResult; round: RoundResult }): boolean {
  return setUp.clientLimited || round.clientLimited;
}

function fields(
  workload: WorkloadResult,
  setUp: SetUpResult,
  round: RoundResult,
  results: Results,
): Value[] {
  return COLUMNS.map(([, of]) => of({ workload, setUp, round, results }));
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function field(value: Value): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = harmless(value).replace(/^[=+\-@]/, "'$&");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
