/** Set-ups like those of the workloads, with what can go wrong in a round. */
import { PUBLISHED_LATENCIES_MS, RECEIVERS, setUpOf } from "../mdalp/order.ts";
import type { Order } from "../mdalp/order.ts";
import type { RoundResult, SetUpResult } from "../results.ts";
import { makeSetUp } from "./fixture-rounds.ts";

export const ROUNDS = 8;
const SPEED: Readonly<Record<string, number>> = { bun: 1, deno: 0.82, node: 0.74 };
const RUNTIMES = Object.keys(SPEED);

/** One round void for a flipped byte, one outlier. */
function troubled(round: RoundResult): RoundResult {
  if (round.round === 3) {
    return {
      ...round,
      value: null,
      void: "a body differs from what was asked for",
      mismatch: {
        url: "http://127.0.0.1:41234/1000.bin",
        expectedBytes: 1000,
        expectedSha256: "ab".repeat(32),
        actualBytes: 1000,
        actualSha256: "cd".repeat(32),
        at: 512,
      },
    };
  }
  if (round.round !== 6) return round;
  return { ...round, value: (round.value as number) * 0.6, outlier: true };
}

const WAYS = [
  ["direct", "straight from server a", 1, 1.05],
  ["1-server", "redirected to server a", 1, 1],
  ["2-servers", "balanced over 2 servers", 2, 1.7],
  ["3-servers", "balanced over 3 servers", 3, 2.1],
] as const;

export function redirectSetUps(): SetUpResult[] {
  const sizes = [["1 kB", 1000, 900, "request-rate"], ["10 MB", 1e7, 14_000, "byte-rate"]] as const;
  return sizes.flatMap(([size, bytes, us, metric]) =>
    WAYS.flatMap(([way, name, servers, gain]) =>
      RUNTIMES.map((runtime) => {
        const speed = (SPEED[runtime] as number) * gain;
        const rate = (metric === "byte-rate" ? 60 : 9000) * speed;
        const names = ["a", "b", "c"].slice(0, servers);
        const shares = [[1], [0.67, 0.33], [0.6, 0.3, 0.1]][servers - 1] as number[];
        const redirected = { redirect: us * 0.3, connect: us * 0.1, body: us * 0.6 / gain };
        return makeSetUp({
          id: `${size.replace(" ", "")}/${way}/${runtime}`,
          group: `files of ${size}`,
          name,
          runtime,
          metric,
          balanced: servers > 1,
          parameters: { bytes, clients: 8, servers: names.map((one) => `${one}: 2 ms`).join(", ") },
          rounds: ROUNDS,
          value: metric === "byte-rate" ? rate * bytes : rate,
          bytesEach: bytes,
          requests: Math.round(rate * 0.4),
          latencyUs: us / speed,
          phases: way === "direct" ? {} : redirected,
          servers: Object.fromEntries(names.map((one, i) => [one, shares[i] as number])),
          ...(runtime === "node" && servers === 2 ? { changed: troubled } : {}),
        });
      })
    )
  );
}

const STRATEGIES = [
  ["none (one server)", "none", 0.4, { a: 0, b: 0, c: 1 }],
  ["random-load", "random-load", 0.7, { a: 0.5, b: 0.3, c: 0.2 }],
  ["history", "history", 0.72, { a: 0.34, b: 0.33, c: 0.33 }],
  ["round-robin", "round-robin", 0.75, { a: 0.33, b: 0.33, c: 0.34 }],
  ["least-requests", "least-requests", 1, { a: 0.62, b: 0.28, c: 0.1 }],
] as const;

export function proxySetUps(): SetUpResult[] {
  return RUNTIMES.flatMap((runtime) =>
    STRATEGIES.map(([name, strategy, gain, servers]) => {
      const rate = 30_000 * (SPEED[runtime] as number) * gain;
      return makeSetUp({
        id: `unequal/${strategy}/${runtime}`,
        group: "three unequal upstreams",
        name,
        runtime,
        metric: "request-rate",
        balanced: strategy !== "none",
        parameters: { strategy, upstreams: 3 },
        rounds: ROUNDS,
        value: rate,
        bytesEach: 1000,
        requests: rate * 0.4,
        latencyUs: 1e6 * 16 / rate,
        servers,
        failures: strategy === "random-load" ? { timeout: 2, "status 502": 1 } : {},
      });
    })
  );
}

/** The real orders, so that a bound can be had of them. */
export function mdalpSetUps(): SetUpResult[] {
  return [0, 8].flatMap((lossPercent) =>
    [null, 0, 1, 2].map((only) => {
      const order: Order = {
        bytes: 5000,
        lossPercent,
        latenciesMs: PUBLISHED_LATENCIES_MS.map((ms) => ms / 10),
        receivers: RECEIVERS,
        only,
        timesFaster: 10,
        atATime: 1,
      };
      const ratio = (only === null ? 1.08 : [5.4, 2.62, 2.53][only] as number) + lossPercent * 0.05;
      return makeSetUp({
        ...setUpOf(order, "bun"),
        balanced: only === null,
        rounds: ROUNDS,
        value: ratio,
        bytesEach: 5000,
        requests: 1,
        latencyUs: 18_000,
        servers: only === null ? { A: 10, B: 20, C: 20 } : { [RECEIVERS[only] as string]: 50 },
        counts: { packets: 50, timeouts: lossPercent === 0 ? 0 : 4 },
        sequence: sequenceOf(order),
      });
    })
  );
}

/** Each packet is sent when the one before it was acknowledged; one in seven is lost, if any. */
function sequenceOf({ latenciesMs, lossPercent, only }: Order): SetUpResult["sequence"] {
  const shares = only === null ? [10, 20, 20] : [0, 1, 2].map((i) => i === only ? 50 : 0);
  let first = 0;
  return shares.flatMap((packets, i) => {
    const [receiver, delayMs] = [RECEIVERS[i] as string, latenciesMs[i] as number];
    let ms = 0;
    const points = Array.from({ length: packets }, (_, j) => {
      const sequence = first + j;
      const lost = lossPercent > 0 && j % 7 === 4;
      const sent = { ms, receiver, sequence, kind: "sent" as const };
      const again = { ms: ms + 40, receiver, sequence, kind: "again" as const };
      ms += delayMs + (lost ? 40 : 0);
      return [sent, ...(lost ? [again] : []), { ms, receiver, sequence, kind: "acked" as const }];
    });
    first += packets;
    return points.flat();
  });
}

export function peersSetUps(): SetUpResult[] {
  return [["nginx", 1.1], ["bun", 1], ["deno", 0.7], ["node", 0.66]].map(([runtime, speed]) =>
    makeSetUp({
      id: `static/${runtime}`,
      group: "a file of 1 kB",
      name: runtime === "nginx" ? "nginx" : "reference",
      runtime: String(runtime),
      metric: "request-rate",
      parameters: { bytes: 1000 },
      rounds: ROUNDS,
      value: 71_234.5 * Number(speed),
      bytesEach: 1000,
      requests: 28_000 * Number(speed),
      latencyUs: 400 / Number(speed),
      clientLimited: runtime === "nginx",
    })
  );
}
