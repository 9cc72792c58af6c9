/**
 * MDALP: one payload to three receivers of unequal latency, in shares or all to one of them. The
 * value is the makespan over the least that all receivers together allow. Source: spec/mdalp.
 */
import type { Runtime } from "../../src/net/mod.ts";
import { orderOf } from "../mdalp/order.ts";
import { mdalpPlan } from "../mdalp/plan.ts";
import { startSides } from "../mdalp/sides.ts";
import type { Workers } from "../mdalp/sides.ts";
import { sampleTransfers } from "../mdalp/slice-of-transfers.ts";
import type { OpenOptions, OpenWorkload, SetUp, Workload } from "../model.ts";

export const mdalp: Workload = {
  name: "mdalp",
  summary:
    "a payload to three receivers of unequal latency, balanced or to one: makespan over bound",
  plan: mdalpPlan,
  open,
};

async function open(
  setUps: readonly SetUp[],
  { life, seed }: OpenOptions,
): Promise<OpenWorkload> {
  const runtimes = [...new Set(setUps.map(({ runtime }) => runtime as Runtime))];
  const started = await Promise.all(
    runtimes.map(async (on): Promise<[string, Workers]> => [on, await startSides(life, on)]),
  );
  const sides = new Map(started);
  const samples = new Map<string, number>();
  return {
    sample(setUp, _forMs, signal) {
      const order = orderOf(setUp);
      const before = samples.get(setUp.id) ?? 0;
      samples.set(setUp.id, before + 1);
      const seeds = Array.from(
        { length: order.atATime },
        (_, i) => lossSeed(seed, before * order.atATime + i),
      );
      return sampleTransfers(sides.get(setUp.runtime) as Workers, order, seeds, signal);
    },
  };
}

/**
 * The nth transfer of each set-up has the same seed, so that what is compared round by round meets the
 * same losses, as far as it sends the same packets.
 */
function lossSeed(seed: number, transfer: number): number {
  return (Math.imul(seed, 65_537) + transfer) >>> 0;
}
