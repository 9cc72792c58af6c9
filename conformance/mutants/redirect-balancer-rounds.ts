/** Balancers that measure otherwise than one rule has it. */
import process from "node:process";
import { hostField, request, writeRequestHead } from "../../src/http1/mod.ts";
import { nodeTcp } from "../../src/net/mod.ts";
import {
  balancerParts,
  drawPosition,
  probe,
  PROBE_LIMIT_MS,
  rank,
  startBalancer,
  upstreamName,
} from "../../src/redirect/mod.ts";
import type { BalancerParts, Upstream } from "../../src/redirect/mod.ts";
import { balancer, bestOfFour } from "./redirect-balancer.ts";
import type { BalancerMutant } from "./types.ts";

/** The time of a server that is known to be down. */
const DOWN = Infinity;

function isRefusal(error: unknown): boolean {
  return (error as { code?: string }).code === "ECONNREFUSED";
}

function askFor(upstream: Upstream, method: string, path: string): string {
  return writeRequestHead(method, path, [
    { name: "Host", value: hostField(upstream) },
    { name: "Connection", value: "close" },
  ]);
}

/** Measures to the close, so that the end of the body is waited for, though none comes. */
function probeWithHead(upstream: Upstream, path: string): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("silent")), PROBE_LIMIT_MS);
    const end = () => {
      clearTimeout(timer);
      resolve(performance.now() - start);
    };
    nodeTcp.connect(
      { ...upstream, timeoutMs: PROBE_LIMIT_MS },
      (socket) => ({
        onData() {},
        onEnd() {
          end();
          socket.destroy();
        },
      }),
    ).then((socket) => socket.write(askFor(upstream, "HEAD", path)), reject);
  });
}

/** Reads to the end, and keeps the time of the head. */
async function probeToHead(upstream: Upstream, path: string): Promise<number> {
  const start = performance.now();
  let headMs = 0;
  await request({
    ...upstream,
    message: askFor(upstream, "GET", path),
    connectMs: PROBE_LIMIT_MS,
    idleMs: PROBE_LIMIT_MS,
  }, { onHead: () => headMs = performance.now() - start });
  return headMs;
}

/** A probe that meets a refusal otherwise in the first round or in a later one. */
function onRefusal(round: "first" | "later", then: () => number) {
  return (): Partial<BalancerParts> => {
    const seen = new Set<string>();
    return {
      async probe(upstream, path) {
        const name = upstreamName(upstream);
        const first = !seen.has(name);
        seen.add(name);
        try {
          return await probe(upstream, path);
        } catch (error) {
          if (isRefusal(error) && first === (round === "first")) return then();
          throw error;
        }
      },
    };
  };
}

/** Keeps those that are down in its list, sends nobody there, and measures them again. */
function secondChance(): Partial<BalancerParts> {
  let down = 0;
  return {
    probe: (upstream, path) =>
      probe(upstream, path).catch((error) => isRefusal(error) ? DOWN : Promise.reject(error)),
    rank(measured) {
      down = measured.filter(({ elapsedMs }) => elapsedMs === DOWN).length;
      return down === measured.length ? [] : rank(measured);
    },
    draw: (count, random) => down + drawPosition(count - down, random),
  };
}

/** Each client puts the next round off. */
function restartingTimer(): Partial<BalancerParts> {
  let restart = () => {};
  return {
    schedule(intervalMs, run) {
      let timer = setTimeout(run, intervalMs);
      restart = () => {
        clearTimeout(timer);
        timer = setTimeout(run, intervalMs);
      };
      return () => clearTimeout(timer);
    },
    redirect(...given) {
      restart();
      return balancerParts.redirect(...given);
    },
  };
}

function keepsRanking(): Partial<BalancerParts> {
  let first: Upstream[] | undefined;
  return {
    probe: bestOfFour(),
    rank(measured) {
      first ??= rank(measured);
      return first.filter((one) => measured.some(({ upstream }) => upstream === one));
    },
  };
}

export const roundMutants: readonly BalancerMutant[] = [
  {
    ...balancer("any-number-of-servers", "three-servers", "takes the first three servers", Object),
    start: (options) => startBalancer({ ...options, upstreams: options.upstreams.slice(0, 3) }),
  },
  balancer(
    "probes-before-serving",
    "probes-with-head",
    "measures with HEAD, to the close",
    () => ({ probe: probeWithHead }),
  ),
  balancer(
    "probes-before-serving",
    "other-files",
    "measures each server with another file",
    () => ({ probe: (upstream) => probe(upstream, `/test-${upstream.port}.html`) }),
  ),
  balancer(
    "times-whole-transfer",
    "times-head",
    "takes the time to the head of the answer",
    () => ({ probe: probeToHead }),
  ),
  balancer("retests", "never-again", "measures only at its start", () => ({
    schedule: () => () => {},
  })),
  balancer(
    "retests-under-load",
    "restarts-timer",
    "begins its interval again with each client",
    restartingTimer,
  ),
  balancer(
    "follows-change",
    "keeps-ranking",
    "measures again but keeps the order of its first test",
    keepsRanking,
  ),
  balancer(
    "drops-dead-at-start",
    "keeps-dead-at-start",
    "takes a server that refuses at the first test for a slow one",
    onRefusal("first", () => DOWN),
  ),
  balancer(
    "drops-dead-at-start",
    "ends-at-dead-server",
    "ends when a server refuses at the first test",
    onRefusal("first", () => process.exit(1)),
  ),
  balancer(
    "drops-dead-at-retest",
    "keeps-dead-at-retest",
    "takes a server that refuses at a later test for a slow one",
    onRefusal("later", () => DOWN),
  ),
  balancer(
    "stops-probing-dead",
    "second-chance",
    "goes on measuring servers that were down, and uses them when they are back",
    secondChance,
  ),
  balancer(
    "survives-slow-server",
    "no-time-limit",
    "waits without a limit for a server that is silent",
    () => ({ probe: (upstream, path) => probe(upstream, path, 3_600_000) }),
  ),
  balancer(
    "survives-slow-server",
    "keeps-silent-server",
    "takes a server that is silent for a slow one",
    () => ({
      probe: (upstream, path) =>
        probe(upstream, path).catch((error) => isRefusal(error) ? Promise.reject(error) : DOWN),
    }),
  ),
  balancer("no-servers-left", "ends-without-servers", "ends when no server is left", () => ({
    rank: (measured) => measured.length > 0 ? rank(measured) : process.exit(1),
  })),
];
