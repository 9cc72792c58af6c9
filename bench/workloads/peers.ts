/** The references on each runtime against programs of others that do the same. */
import type { Runtime } from "../../src/net/mod.ts";
import type { LeftOut, Peer, Plan, PlannedComparison, PlanOptions, SetUp } from "../model.ts";
import type { Workload } from "../model.ts";
import { missingText, onPath } from "../peers/tools.ts";
import { openPeers } from "./peers-servers.ts";
import { isPeer, PARTS, PEER_NAMES } from "./peers-set-ups.ts";
import type { PartName, Who } from "./peers-set-ups.ts";
import { ALL_RUNTIMES, chosenRuntimes, runtimeComparisons } from "./runtimes.ts";

export const peers: Workload = {
  name: "peers",
  summary:
    "the references against nginx, HAProxy and python3 http.server, where these are installed",
  plan,
  open: openPeers,
};

/** Until the compilers of Node and Deno have come to rest: some 20,000 requests. */
const COMPILED_MS = { quick: 1000, full: 4000 } as const;

function plan(options: PlanOptions): Plan {
  const { extent } = options;
  const runtimes = chosenRuntimes(options, ALL_RUNTIMES);
  const parts = (Object.keys(PARTS) as PartName[]).filter((part) =>
    PARTS[part].extents.some((one) => one === extent)
  );
  return {
    setUps: parts.flatMap((part) => [
      ...runtimes.map((runtime) => setUp(part, runtime)),
      ...PARTS[part].peers.filter((peer) => onPath(peer)).map((peer) => setUp(part, peer)),
    ]),
    comparisons: parts.flatMap((part) => [
      ...runtimes.flatMap((runtime) => peerComparisons(part, runtime)),
      ...runtimeComparisons(part, runtimes),
    ]),
    leftOut: leftOut(parts),
    rounds: extent === "quick" ? 6 : 10,
    windowMs: extent === "quick" ? 250 : 2000,
    warmUpMs: ({ runtime }) => isPeer(runtime as Who) ? 250 : COMPILED_MS[extent],
  };
}

function setUp(part: PartName, who: Who): SetUp {
  const { group, metric, connections, bytes } = PARTS[part];
  const changed: SetUp["parameters"] = who === "python3"
    ? { "listen queue": "128, not its 5" }
    : {};
  return {
    id: `${part}/${who}`,
    group,
    name: isPeer(who) ? PEER_NAMES[who] : "reference",
    runtime: who,
    metric,
    balanced: undefined,
    parameters: { connections, ...(part === "301" ? {} : { bytes }), ...changed },
  };
}

function peerComparisons(part: PartName, runtime: Runtime): PlannedComparison[] {
  return PARTS[part].peers.filter((peer) => onPath(peer)).map((peer) => ({
    setUp: `${part}/${runtime}`,
    to: `${part}/${peer}`,
    kind: "peer",
  }));
}

function leftOut(parts: readonly PartName[]): LeftOut[] {
  const asked = new Set<Peer>(parts.flatMap((part) => [...PARTS[part].peers]));
  return Array.from(asked).filter((peer) => !onPath(peer)).map((peer) => ({
    what: PEER_NAMES[peer],
    why: missingText([peer]),
  }));
}
