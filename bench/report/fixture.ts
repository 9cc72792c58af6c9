/** Results as a run would give them, whole and stopped half way. */
import type { ComparisonResult, Results, SetUpResult } from "../results.ts";
import { compareAll } from "../run/compare.ts";
import { workloadSentence } from "../run/verdict.ts";
import { emptied } from "./fixture-rounds.ts";
import {
  mdalpSetUps,
  peersSetUps,
  proxySetUps,
  redirectSetUps,
  ROUNDS,
} from "./fixture-set-ups.ts";

type Pairs = readonly (readonly [setUp: string, to: string, kind: ComparisonResult["kind"]])[];

function workload(
  name: string,
  summary: string,
  setUps: SetUpResult[],
  pairs: Pairs,
): Results["workloads"][number] {
  const comparisons = compareAll(pairs.map(([setUp, to, kind]) => ({ setUp, to, kind })), setUps);
  if (comparisons.length < pairs.length) throw new TypeError(`${name} compares what is not there`);
  const sentence = workloadSentence(setUps, comparisons);
  const measured = { windowMs: 400, rounds: ROUNDS, setUps, comparisons };
  return { name, summary, ...measured, leftOut: [], sentence };
}

export function makeResults(): Results {
  const peersResult = workload(
    "peers",
    "the references beside programs of others",
    peersSetUps(),
    [["static/bun", "static/nginx", "peer"], ["static/bun", "static/deno", "runtime"]],
  );
  return {
    schema: "steelyard/bench/1",
    command: "steelyard bench redirect proxy mdalp peers --seed 7",
    seed: 7,
    extent: "quick",
    rate: null,
    started: "2026-01-02T03:04:05.678Z",
    durationMs: 154_321,
    complete: true,
    incomplete: [],
    warnings: ["the machine was busy: load average 2.31 on 2 cores before the run"],
    environment: {
      cpu: "Example CPU @ 2.50GHz",
      cores: 2,
      governor: null,
      kernel: "Linux 6.1.0",
      memoryBytes: 8 * 1024 ** 3,
      loadBefore: [2.31, 1.2, 0.8],
      loadAfter: [1.9, 1.4, 0.9],
      versions: { bun: "1.4.5", deno: "2.9.5", node: "24.1.0", nginx: "1.26.0" },
      runner: "bun 1.4.5",
      revision: "0123456789abcdef-dirty",
      version: "0.1.0",
    },
    workloads: [
      workload(
        "redirect",
        "files through a redirecting balancer",
        redirectSetUps(),
        [
          ["1kB/3-servers/bun", "1kB/1-server/bun", "balance"],
          ["1kB/2-servers/bun", "1kB/1-server/bun", "balance"],
          ["1kB/3-servers/bun", "1kB/3-servers/node", "runtime"],
          ["10MB/3-servers/bun", "10MB/1-server/bun", "balance"],
        ],
      ),
      workload(
        "proxy",
        "requests through a proxy to unequal upstreams",
        proxySetUps(),
        [
          ["unequal/least-requests/bun", "unequal/none/bun", "balance"],
          ["unequal/history/bun", "unequal/random-load/bun", "same"],
          ["unequal/round-robin/bun", "unequal/round-robin/deno", "runtime"],
        ],
      ),
      workload(
        "mdalp",
        "a file to three receivers over UDP",
        mdalpSetUps(),
        [["5kB/balanced/loss-0/bun", "5kB/only-c/loss-0/bun", "balance"]],
      ),
      {
        ...peersResult,
        leftOut: [{ what: "haproxy", why: "it is not installed" }],
      },
    ],
  };
}

/** Stopped half way. */
export function makeIncomplete(): Results {
  const whole = makeResults();
  const [redirected] = whole.workloads;
  if (!redirected) throw new TypeError("no workload");
  const [first, ...others] = redirected.setUps;
  if (!first) throw new TypeError("no set-up");
  const without = emptied(first);
  return {
    ...whole,
    complete: false,
    incomplete: [
      "stopped by SIGINT after round 5 of 8",
      "server b of redirect died: exit code 137",
    ],
    workloads: [{
      ...redirected,
      setUps: [without, ...others],
      comparisons: [],
    }],
  };
}
