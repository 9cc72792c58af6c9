/**
 * A proxy over three servers of known capacities: what each strategy gets out of them, the published
 * three set-ups among them. Only the proxy runs on the set-up's runtime; its upstreams stay the same.
 */
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, Plan, PlanOptions, SetUp, Workload } from "../model.ts";
import { openProxy } from "./proxy-servers.ts";
import { BODY_BYTES, CONNECTIONS, intervalOf, leastMs, nameOf, rampMs } from "./proxy-set-ups.ts";
import { ordersOf, UPSTREAMS } from "./proxy-set-ups.ts";
import type { StrategyOrder, Upstreams } from "./proxy-set-ups.ts";
import { chosenRuntimes, runtimeComparisons } from "./runtimes.ts";

export const proxy: Workload = {
  name: "proxy",
  summary: "the published three set-ups and five strategies, over equal and unequal upstreams",
  plan,
  open: openProxy,
};

function plan(options: PlanOptions): Plan {
  const { extent } = options;
  const runtimes = chosenRuntimes(options, ["bun"]);
  const cells = (Object.keys(UPSTREAMS) as Upstreams[]).flatMap((upstreams) =>
    ordersOf(upstreams, extent).map((order) => ({
      upstreams,
      order,
      prefix: `${upstreams}/${order.name}`,
    }))
  );
  const balanced = cells.filter(({ order }) => order.name !== "none");
  return {
    setUps: cells.flatMap(({ upstreams, order }) =>
      runtimes.map((runtime) => setUp(upstreams, order, runtime, extent))
    ),
    comparisons: [
      ...balanced.flatMap(({ upstreams, prefix }) =>
        runtimes.map((runtime) => ({
          setUp: `${prefix}/${runtime}`,
          to: `${upstreams}/none/${runtime}`,
          kind: "balance" as const,
        }))
      ),
      ...cells.flatMap(({ prefix }) => runtimeComparisons(prefix, runtimes)),
    ],
    leftOut: [],
    rounds: extent === "quick" ? 6 : 10,
    windowMs: extent === "quick" ? 180 : 2000,
    leastMs: (setUp) => rampMs(setUp) + leastMs(setUp, extent),
  };
}

function setUp(
  upstreams: Upstreams,
  order: StrategyOrder,
  runtime: Runtime,
  extent: Extent,
): SetUp {
  const { group, baseMs } = UPSTREAMS[upstreams];
  const rates = Object.entries(baseMs).map(([name, ms]) => `${name}: ${1000 / ms} requests/s`);
  const interval = intervalOf(order, extent);
  return {
    id: `${upstreams}/${order.name}/${runtime}`,
    group,
    name: nameOf(order),
    runtime,
    metric: "request-rate",
    balanced: order.name !== "none",
    parameters: {
      upstreams: rates.join(", "),
      connections: CONNECTIONS,
      bytes: BODY_BYTES,
      ...(interval === undefined ? {} : { interval: intervalText(order, interval) }),
    },
  };
}

function intervalText({ intervalS }: StrategyOrder, seconds: number): string {
  const published = intervalS?.published;
  return seconds === published ? `${seconds} s` : `${seconds} s (published: ${published} s)`;
}
