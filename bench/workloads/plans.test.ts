import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, Plan } from "../model.ts";
import { planMs } from "../run/estimate.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { WORKLOADS } from "./list.ts";

const EXTENTS: readonly Extent[] = ["quick", "full"];
const CHOICES: readonly (readonly Runtime[] | undefined)[] = [undefined, ["node"], ["bun", "node"]];

/** Seconds that the rounds of the quick extent may take, so that all of it stays below 3 minutes. */
const QUICK_S: Readonly<Record<string, number>> = { redirect: 28, proxy: 33, mdalp: 31, peers: 41 };

/** Each plan that a user can ask for. */
function plans(): { told: string; plan: Plan; runtimes: readonly Runtime[] | undefined }[] {
  return WORKLOADS.flatMap((workload) =>
    EXTENTS.flatMap((extent) =>
      CHOICES.map((runtimes) => ({
        told: `${workload.name}, ${extent}, ${runtimes ?? "any runtime"}`,
        plan: workload.plan({ extent, runtimes }),
        runtimes,
      }))
    )
  );
}

for (const { told, plan, runtimes } of plans()) {
  test(`${told}: set-ups are told apart, and what is compared is measured`, () => {
    const ids = plan.setUps.map(({ id }) => id);
    assert.ok(ids.length > 0);
    assert.is(new Set(ids).size, ids.length);
    assert.is(
      new Set(
        plan.setUps.map(({ group, name, runtime, parameters }) =>
          JSON.stringify([group, name, runtime, parameters])
        ),
      ).size,
      ids.length,
    );
    for (const { setUp, to } of plan.comparisons) {
      assert.ok(ids.includes(setUp), setUp);
      assert.ok(ids.includes(to), to);
      assert.is.not(setUp, to);
    }
    assert.ok(plan.rounds >= LEAST_ROUNDS);
    const others: readonly string[] = ["nginx", "haproxy", "python3"];
    for (const { runtime } of plan.setUps) {
      if (others.includes(runtime)) continue;
      assert.ok(!runtimes || runtimes.includes(runtime as Runtime), runtime);
    }
  });
}

for (const workload of WORKLOADS.filter(({ name }) => name in QUICK_S)) {
  test(`${workload.name} fits into its part of the quick extent`, () => {
    const plan = workload.plan({ extent: "quick", runtimes: undefined });
    const seconds = planMs(plan) / 1000;
    assert.ok(seconds <= (QUICK_S[workload.name] as number), `${seconds} s`);
  });
}

test.run();
