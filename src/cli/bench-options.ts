/** What a measurement is asked for, from the command line. */
import { nearest } from "../../conformance/engine/manifest/mod.ts";
import type { Runtime } from "../net/mod.ts";
import type { Extent, Metric, Plan, Workload } from "../../bench/model.ts";
import { QUICK_BUDGET_MS } from "../../bench/run/budget.ts";
import { pick } from "../../bench/run/only.ts";
import type { Picked } from "../../bench/run/only.ts";
import type { Planned } from "../../bench/run/run.ts";
import type { PublishedSource } from "../../bench/published/mod.ts";
import { PRESETS } from "../../bench/published/presets.ts";
import type { Preset } from "../../bench/published/presets.ts";
import { ALL_RUNTIMES, available, missingRuntime } from "../../bench/workloads/runtimes.ts";
import { urlWorkload } from "../../bench/workloads/url.ts";
import { WORKLOADS } from "../../bench/workloads/list.ts";
import { repeated } from "./repeated.ts";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

export interface Asked {
  /** The published table that is laid out again at the end. */
  readonly table: PublishedSource | undefined;
  readonly planned: readonly Planned[];
  readonly extent: Extent;
  readonly seed: number;
  readonly rate: number | undefined;
  /** Milliseconds that it may take; undefined where the user said how much is to be measured. */
  readonly budgetMs: number | undefined;
}

/** Throws a UsageError. */
export async function asked(
  names: readonly string[],
  options: Record<string, unknown>,
): Promise<Asked> {
  const table = oneOf(options, "table", Object.keys(PRESETS) as PublishedSource[]);
  const preset = table === undefined ? undefined : presetOf(table, names, options);
  const extent: Extent = options.full === true || preset ? "full" : "quick";
  const runtimes = runtimesOf(text(options, "runtimes")) ??
    (preset ? available(["bun"]) : undefined);
  const rate = wholeNumber(options, "rate", { least: 1, most: 1_000_000 });
  const picked = {
    only: preset?.only ?? repeated(options.only),
    rounds: wholeNumber(options, "rounds", { least: 1, most: 1000 }),
    windowMs: secondsAsMs(options, "window"),
  };
  const workloads = await chosen(preset ? [preset.workload] : names, options);
  const planned = workloads.map((workload) => {
    const plan = atRate(withMissing(workload.plan({ extent, runtimes }), runtimes), rate);
    return { workload, plan: pick(plan, picked) };
  });
  const everything = picked.only.length === 0 && rate === undefined;
  const left = planned.filter(({ plan }) => plan.setUps.length > 0 || everything);
  if (left.length === 0) {
    throw new UsageError(
      "--only or --rate leaves nothing to measure; steelyard bench --list shows the set-ups",
    );
  }
  return {
    table,
    planned: left,
    extent,
    seed: wholeNumber(options, "seed", { least: 0, most: 0xffffffff }) ?? 1,
    rate,
    budgetMs:
      extent === "quick" && isUsual(picked) && rate === undefined && options.load === undefined
        ? QUICK_BUDGET_MS
        : undefined,
  };
}

function isUsual({ rounds, windowMs }: Picked): boolean {
  return rounds === undefined && windowMs === undefined;
}

/** A table has its own set-ups. */
function presetOf(
  table: PublishedSource,
  names: readonly string[],
  options: Record<string, unknown>,
): Preset {
  const beside = ["load", "only"].filter((name) => options[name] !== undefined);
  if (names.length === 0 && beside.length === 0) return PRESETS[table];
  const what = [...names, ...beside.map((name) => `--${name}`)].join(" and ");
  throw new UsageError(`--table ${table} measures its own set-ups; leave ${what} out`);
}

async function chosen(
  names: readonly string[],
  options: Record<string, unknown>,
): Promise<readonly Workload[]> {
  const url = text(options, "load");
  if (url !== undefined) {
    if (names.length > 0) throw new UsageError("give either workloads or --load URL");
    const connections = wholeNumber(options, "connections", { least: 1, most: 10_000 }) ?? 50;
    const sha256 = sha256Of(text(options, "sha256"));
    try {
      return [await urlWorkload(url, { connections, keepAlive: options.close !== true, sha256 })];
    } catch (error) {
      throw new UsageError(`--load ${url}: ${(error as Error).message}`);
    }
  }
  if (names.length === 0) return WORKLOADS;
  return [...new Set(names)].map(workloadOf);
}

function workloadOf(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload.name === name);
  if (found) return found;
  const known = WORKLOADS.map((workload) => workload.name);
  const near = nearest(name, known);
  const hint = near ? `did you mean ${near}?` : `there is ${known.join(", ")}`;
  throw new UsageError(`no workload ${JSON.stringify(name)}; ${hint}`);
}

function sha256Of(given: string | undefined): string | undefined {
  if (given === undefined || /^[0-9a-f]{64}$/i.test(given)) return given?.toLowerCase();
  throw new UsageError(`--sha256 ${JSON.stringify(given)} is not 64 hexadecimal digits`);
}

function runtimesOf(list: string | undefined): readonly Runtime[] | undefined {
  if (list === undefined) return undefined;
  return [...new Set(list.split(","))].map((name) => {
    const on = oneOf({ runtimes: name }, "runtimes", ALL_RUNTIMES) as Runtime;
    const missing = missingRuntime(on);
    if (missing) throw new UsageError(`--runtimes ${on}: ${missing}`);
    return on;
  });
}

/** Where the rate is given, what differs is the latency; a transfer that has no rate is left out. */
function atRate(plan: Plan, rate: number | undefined): Plan {
  if (rate === undefined) return plan;
  const rates = new Set<Metric>(["request-rate", "byte-rate"]);
  const setUps = plan.setUps.filter(({ metric }) => rates.has(metric));
  const left = plan.setUps.length - setUps.length;
  return {
    ...plan,
    setUps: setUps.map((setUp) => ({ ...setUp, metric: "latency-p99" })),
    leftOut: left === 0 ? plan.leftOut : [
      ...plan.leftOut,
      { what: `${left} set-ups`, why: "--rate is of requests, and these are single transfers" },
    ],
  };
}

/** Tells of the runtimes that a workload would use and that are not here. */
function withMissing(plan: Plan, runtimes: readonly Runtime[] | undefined): Plan {
  if (runtimes || plan.setUps.every(({ runtime }) => runtime === "unknown")) return plan;
  const missing = ALL_RUNTIMES.flatMap((on) => {
    const why = missingRuntime(on);
    return why === undefined ? [] : [{ what: `servers on ${on}`, why }];
  });
  return { ...plan, leftOut: [...plan.leftOut, ...missing] };
}
