/** Which transfers a set-up is measured by. Everything of it stands in the set-up's parameters. */
import {
  makespanBoundMs,
  makespanMs,
  packetCount,
  splitByInverseLatency,
} from "../../src/mdalp/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { SetUp } from "../model.ts";

/** Of the published run, in milliseconds. */
export const PUBLISHED_LATENCIES_MS: readonly number[] = [335.148, 162.844, 156.857];

/** The published names. */
export const RECEIVERS: readonly string[] = ["A", "B", "C"];

export interface Order {
  readonly bytes: number;
  readonly lossPercent: number;
  /** Of the receivers that the balanced transfer has. */
  readonly latenciesMs: readonly number[];
  readonly receivers: readonly string[];
  /** The receiver that gets all, from 0; null for the balanced transfer. */
  readonly only: number | null;
  /** What the latencies, and with them all timeouts, were divided by. */
  readonly timesFaster: number;
  /** Transfers at a time in one sample, each with servers of its own. */
  readonly atATime: number;
}

export function setUpOf(order: Order, runtime: Runtime): SetUp {
  const { bytes, lossPercent, latenciesMs, receivers, only, timesFaster, atATime } = order;
  const size = sizeOf(bytes);
  const mode = only === null ? "balanced" : `only-${(receivers[only] as string).toLowerCase()}`;
  const fast = timesFaster === 1 ? "" : ` at 1/${timesFaster} of the latencies`;
  const lost = lossPercent === 0 ? "no loss" : `${lossPercent} % loss`;
  const own = only === null ? "" : ` (${digits(latenciesMs[only] as number)} ms)`;
  return {
    id: `${size.replace(" ", "")}/${mode}/loss-${lossPercent}/${runtime}`,
    group: `${size}${fast}, ${lost}`,
    name: only === null ? "balanced" : `only ${receivers[only]}${own}`,
    runtime,
    metric: "makespan-ratio",
    balanced: only === null,
    parameters: {
      bytes,
      lossPercent,
      latenciesMs: latenciesMs.map(digits).join("/"),
      receivers: receivers.join("/"),
      only: only === null ? "" : receivers[only] as string,
      timesFaster,
      atATime,
    },
  };
}

/** What `setUpOf` made a set-up of. */
export function orderOf({ parameters }: SetUp): Order {
  const receivers = String(parameters.receivers).split("/");
  const only = receivers.indexOf(String(parameters.only));
  return {
    bytes: Number(parameters.bytes),
    lossPercent: Number(parameters.lossPercent),
    latenciesMs: String(parameters.latenciesMs).split("/").map(Number),
    receivers,
    only: only < 0 ? null : only,
    timesFaster: Number(parameters.timesFaster),
    atATime: Number(parameters.atATime),
  };
}

/**
 * N/S over all receivers in milliseconds, which no transfer beats: of a single receiver too, so that
 * its ratio shows what leaving the others out costs. Source: spec/mdalp, "Bounds for measurement".
 */
export function boundMs({ bytes, latenciesMs }: Order): number {
  return makespanBoundMs(packetCount(bytes), latenciesMs);
}

/** A lost packet costs one timeout, of which the least is 400 ms. */
const LOST_MS = 500;

/** Milliseconds that a transfer is expected to take; for the display of the time left. */
export function expectedMs(order: Order): number {
  const { bytes, lossPercent, latenciesMs, only, timesFaster } = order;
  const packets = packetCount(bytes);
  const loss = lossPercent / 100;
  const again = loss / (1 - loss) * LOST_MS / timesFaster;
  const times = latenciesMs.map((latencyMs) => latencyMs + again);
  return only === null
    ? makespanMs(splitByInverseLatency(packets, latenciesMs), times)
    : packets * (times[only] as number);
}

function sizeOf(bytes: number): string {
  return bytes % 1_000_000 === 0 ? `${bytes / 1_000_000} MB` : `${bytes / 1000} kB`;
}

/** To the microsecond. */
function digits(milliseconds: number): string {
  return String(Number(milliseconds.toFixed(3)));
}
