/** Which set-ups are measured, and which are compared. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, LeftOut, Plan, PlannedComparison, PlanOptions, SetUp } from "../model.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { ALL_RUNTIMES, available } from "../workloads/runtimes.ts";
import { expectedMs, orderOf, PUBLISHED_LATENCIES_MS, RECEIVERS, setUpOf } from "./order.ts";
import type { Order } from "./order.ts";

/** Set-ups that differ in their mode and runtime alone. */
interface Series {
  readonly bytes: number;
  readonly lossPercent: number;
  readonly timesFaster: number;
  readonly atATime: number;
  /** The runtimes of the balanced transfer, and those of the single receivers. */
  readonly balancedOn: readonly Runtime[];
  readonly singleOn: readonly Runtime[];
}

const LOSSES_PERCENT = [0, 4, 8];

/** Shorter than any transfer, so that a round has one sample. */
const WINDOW_MS = 100;

const LEFT_OUT: LeftOut = {
  what: "1 MB to single receivers on Deno and Node",
  why: "it takes 50 minutes more; name the runtimes to have it: --runtimes bun,deno,node",
};

export function mdalpPlan({ extent, runtimes }: PlanOptions): Plan {
  const series = SERIES[extent](runtimes);
  return {
    setUps: series.flatMap(setUpsOf),
    comparisons: series.flatMap(comparisonsOf),
    leftOut: extent === "full" && !runtimes ? [LEFT_OUT] : [],
    rounds: LEAST_ROUNDS,
    windowMs: WINDOW_MS,
    // Of each runtime the same two processes do all transfers.
    warmUpMs: (setUp) => orderOf(setUp).only === null ? WINDOW_MS : 0,
    leastMs: (setUp) => expectedMs(orderOf(setUp)),
  };
}

/**
 * By the bounds and what losses cost on top, a round takes 4 s at the quick extent: 50 packets in
 * 0.34 s balanced and 1.7, 0.8 and 0.8 s to one receiver. At the full one 5 kB take 36 s a runtime
 * without loss, and with it 43 and 52 s for the slowest of four; 1 MB takes 72, 78 and 86 s, of which
 * 22 s are balanced. On three runtimes that makes 18 minutes a round, two hours with the warm-up, so
 * 1 MB goes to single receivers on Bun alone unless the runtimes are named: 80 minutes.
 */
const SERIES: Record<Extent, (runtimes: readonly Runtime[] | undefined) => Series[]> = {
  quick: (named) => {
    const on = named ?? available(["bun"]);
    const shared = { bytes: 5000, timesFaster: 10, atATime: 1, balancedOn: on };
    return [
      { ...shared, lossPercent: 0, singleOn: on },
      { ...shared, lossPercent: 8, singleOn: [] },
    ];
  },
  full: (named) => {
    const balancedOn = named ?? available(ALL_RUNTIMES);
    // These do nothing but wait, so that four of them disturb each other as little as one does.
    const small = { bytes: 5000, timesFaster: 1, atATime: 4, balancedOn, singleOn: balancedOn };
    const singleOn = named ?? available(["bun"]);
    const large = { bytes: 1_000_000, timesFaster: 100, atATime: 1, balancedOn, singleOn };
    return [small, large].flatMap((one) =>
      LOSSES_PERCENT.map((lossPercent) => ({ ...one, lossPercent }))
    );
  },
};

function setUpsOf(series: Series): SetUp[] {
  return [
    ...series.balancedOn.map((on) => setUpOf(orderOfMode(series, null), on)),
    ...RECEIVERS.flatMap((_, only) =>
      series.singleOn.map((on) => setUpOf(orderOfMode(series, only), on))
    ),
  ];
}

function orderOfMode({ bytes, lossPercent, timesFaster, atATime }: Series, only: number | null) {
  const latenciesMs = PUBLISHED_LATENCIES_MS.map((ms) => ms / timesFaster);
  const order: Order = {
    bytes,
    lossPercent,
    latenciesMs,
    receivers: RECEIVERS,
    only,
    timesFaster,
    atATime,
  };
  return order;
}

/** The balanced transfer against each single receiver, and against that of Bun or the first runtime. */
function comparisonsOf(series: Series): PlannedComparison[] {
  const id = (only: number | null, on: Runtime) => setUpOf(orderOfMode(series, only), on).id;
  const { balancedOn, singleOn } = series;
  const to = balancedOn.includes("bun") ? "bun" : balancedOn[0];
  return [
    ...singleOn.flatMap((on) =>
      RECEIVERS.map((_, only): PlannedComparison => ({
        setUp: id(null, on),
        to: id(only, on),
        kind: "balance",
      }))
    ),
    ...balancedOn.flatMap((on): PlannedComparison[] =>
      to === undefined || on === to
        ? []
        : [{ setUp: id(null, on), to: id(null, to), kind: "runtime" }]
    ),
  ];
}
