/**
 * Files through a balancer that answers 301, over one, two or three unequal servers, and straight from
 * the fastest of these: what sharing out brings, and what a redirect costs.
 */
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, Plan, PlannedComparison, PlanOptions, SetUp, Workload } from "../model.ts";
import type { PaceOptions } from "../servers/pace.ts";
import { openRedirect } from "./redirect-servers.ts";
import type { Size, Way } from "./redirect-set-ups.ts";
import { CLIENTS, leastMs, rampMs, SERVERS, SIZES, WAYS, waysOf } from "./redirect-set-ups.ts";
import { chosenRuntimes, runtimeComparisons } from "./runtimes.ts";

export const redirect: Workload = {
  name: "redirect",
  summary: "files through a 301 to one of 1, 2 or 3 unequal servers, against a single server",
  plan,
  open: openRedirect,
};

function plan(options: PlanOptions): Plan {
  const { extent } = options;
  const runtimes = chosenRuntimes(options, ["bun"]);
  const cells = (Object.keys(SIZES) as Size[]).flatMap((size) =>
    waysOf(size, extent).map((way) => ({ size, way }))
  );
  return {
    setUps: cells.flatMap(({ size, way }) => runtimes.map((runtime) => setUp(size, way, runtime))),
    comparisons: [
      ...cells.flatMap(({ size, way }) =>
        runtimes.flatMap((runtime) => balanceComparisons(size, way, runtime, extent))
      ),
      ...cells.flatMap(({ size, way }) => runtimeComparisons(`${size}/${way}`, runtimes)),
    ],
    leftOut: [],
    rounds: extent === "quick" ? 6 : 10,
    windowMs: extent === "quick" ? 250 : 2000,
    leastMs: (setUp) => rampMs(setUp) + leastMs(setUp, extent),
  };
}

function setUp(size: Size, way: Way, runtime: Runtime): SetUp {
  const { title, bytes } = SIZES[size];
  const { name, servers } = WAYS[way];
  return {
    id: `${size}/${way}/${runtime}`,
    group: `files of ${title}`,
    name,
    runtime,
    metric: "byte-rate",
    balanced: servers > 1,
    parameters: {
      bytes,
      clients: CLIENTS,
      servers: SERVERS.slice(0, Math.max(1, servers)).map(paceText).join(", "),
    },
  };
}

function paceText(
  { name, baseMs, bytesPerSecond }: PaceOptions & { readonly name: string },
): string {
  return `${name}: ${baseMs} ms + ${bytesPerSecond / 1e6} MB/s`;
}

/** What is shared out, against what goes to one server: with a balancer before it, and without. */
function balanceComparisons(
  size: Size,
  way: Way,
  runtime: Runtime,
  extent: Extent,
): PlannedComparison[] {
  if (WAYS[way].servers < 2) return [];
  const single = waysOf(size, extent).filter((other) => WAYS[other].servers < 2);
  return single.map((other) => ({
    setUp: `${size}/${way}/${runtime}`,
    to: `${size}/${other}/${runtime}`,
    kind: "balance",
  }));
}
