/** Two servers that are the same, or of which one is slower by a known share: what a verdict is held against. */
import { createHash } from "node:crypto";
import { runtime } from "../../src/net/mod.ts";
import { startLoadGenerator } from "../load/generator.ts";
import type { OpenWorkload, Plan, SetUp, Workload } from "../model.ts";
import { startWorker } from "../process/lines.ts";
import type { SpinOrder } from "../servers/spin-server.ts";

export interface TwoServers {
  /** Microseconds that a request costs the first server. */
  readonly spinUs: number;
  /** The share by which the second one is slower: 0.1 makes of 200 us 222. */
  readonly slower: number;
  readonly rounds: number;
  readonly windowMs: number;
}

const BODY = "a body of a few words, the same from both servers\n";
const CONNECTIONS = 8;
const TIMEOUT_MS = 5000;

/** The ratio is of the second to the first: 1 where they are the same, 1 - `slower` where not. */
export function twoServers(options: TwoServers): Workload {
  const { spinUs, slower, rounds, windowMs } = options;
  const costs = { first: spinUs, second: spinUs / (1 - slower) };
  const setUps = Object.entries(costs).map(([id, us]): SetUp => ({
    id,
    group: "two servers",
    name: id,
    runtime,
    metric: "request-rate",
    balanced: undefined,
    parameters: { spinUs: us },
  }));
  const plan: Plan = {
    setUps,
    comparisons: [{ setUp: "second", to: "first", kind: "same" }],
    leftOut: [],
    rounds,
    windowMs,
  };
  return {
    name: "two-servers",
    summary: "two servers whose speeds are known beforehand",
    plan: () => plan,
    open: async (chosen, { life, rate }): Promise<OpenWorkload> => {
      const generator = startLoadGenerator(life, { workers: 1 });
      const urls = new Map<string, string>();
      for (const { id, parameters } of chosen) {
        const order: SpinOrder = { spinUs: Number(parameters.spinUs), body: BODY };
        const server = startWorker(life, runtime, "spin-server");
        const { port } = await server.call<{ port: number }>("start", order);
        urls.set(id, `http://127.0.0.1:${port}/`);
      }
      const expect = {
        kind: "body",
        sha256: createHash("sha256").update(BODY).digest("hex"),
        bytes: BODY.length,
      } as const;
      return {
        sample: ({ id }, durationMs, signal) =>
          generator.run({
            url: urls.get(id) as string,
            expect,
            connections: CONNECTIONS,
            rate,
            keepAlive: true,
            follow: false,
            durationMs,
            timeoutMs: TIMEOUT_MS,
          }, signal),
      };
    },
  };
}
