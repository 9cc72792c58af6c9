/** Results as a run would give them, with everything that can go wrong, and with hostile text. */
import { PUBLISHED_LATENCIES_MS, RECEIVERS, setUpOf } from "../mdalp/order.ts";
import type { Order } from "../mdalp/order.ts";
import type { ComparisonResult, Results, RoundResult, SetUpResult } from "../results.ts";
import { pairedRatio } from "../statistics.ts";
import { makeSetUp } from "./fixture-rounds.ts";

/** Ends or begins something in HTML, SVG, Markdown, CSV, a terminal; and characters of every length. */
export const HOSTILE = [
  "]]> <!-- </script></style></title><img src=x onerror=alert(1)> & \" ' </pre>",
  "`tick` | pipe | *star* [link](javascript:alert(1)) =1+1",
  "esc \x1b[31m nul \x00 bell \x07 cr \r tab \t del \x7f csi \x9b31m",
  "bidi \u202e line \u2028 half \ud83d last \uffff",
  "é € \u{1f40e}",
].join("\n");

const ROUNDS = 8;
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

function redirect(): SetUpResult[] {
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
  ["no balancer", "none", 0.4, { a: 0, b: 0, c: 1 }],
  ["random-load", "random-load", 0.7, { a: 0.5, b: 0.3, c: 0.2 }],
  ["history", "history", 0.72, { a: 0.34, b: 0.33, c: 0.33 }],
  ["round-robin", "round-robin", 0.75, { a: 0.33, b: 0.33, c: 0.34 }],
  ["least-requests", "least-requests", 1, { a: 0.62, b: 0.28, c: 0.1 }],
] as const;

function proxy(): SetUpResult[] {
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
function mdalp(): SetUpResult[] {
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

function peers(): SetUpResult[] {
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

/** Compares the way a run does: in pairs of rounds that count. */
export function makeComparison(
  setUps: readonly SetUpResult[],
  setUp: string,
  to: string,
  kind: ComparisonResult["kind"],
): ComparisonResult {
  const [ours, theirs] = [setUp, to].map((id) => setUps.find((one) => one.id === id));
  if (!ours || !theirs) throw new TypeError(`no set-ups ${setUp} and ${to}`);
  const pairs = ours.rounds.flatMap(({ value }, i) => {
    const other = theirs.rounds[i]?.value ?? null;
    return value === null || other === null ? [] : [[value, other] as const];
  });
  const limited = ours.clientLimited || theirs.clientLimited;
  const ratio = limited || pairs.length === 0
    ? null
    : pairedRatio(pairs.map(([a]) => a), pairs.map(([, b]) => b));
  const significant = ratio !== null && (ratio.low > 1 || ratio.high < 1);
  const sentence = ratio === null
    ? `${setUp} and ${to} are not compared: the client was the limit.`
    : significant
    ? `${setUp} comes to ${ratio.median.toFixed(2)} times ${to}.`
    : `${setUp} and ${to} are not told apart.`;
  return { setUp, to, kind, ratio, pairs: limited ? 0 : pairs.length, significant, sentence };
}

type Pairs = readonly (readonly [string, string, ComparisonResult["kind"]])[];

function workload(
  name: string,
  summary: string,
  sentence: string,
  setUps: SetUpResult[],
  pairs: Pairs,
): Results["workloads"][number] {
  const comparisons = pairs.map(([a, b, kind]) => makeComparison(setUps, a, b, kind));
  return {
    name,
    summary,
    windowMs: 400,
    rounds: ROUNDS,
    setUps,
    comparisons,
    leftOut: [],
    sentence,
  };
}

export function makeResults(): Results {
  const peersResult = workload(
    "peers",
    "the references beside programs of others",
    "The reference on Bun serves 1.43 times as many requests as on Deno; of nginx the client was the limit.",
    peers(),
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
        "Files of 1 kB: balanced over 3 servers on bun came first with 18,904 requests/s, 2.08 times (2.05..2.16) what redirected to server a on bun did.",
        redirect(),
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
        "least-requests serves 2.50 times as many requests as no balancer (Bun).",
        proxy(),
        [
          ["unequal/least-requests/bun", "unequal/none/bun", "balance"],
          ["unequal/history/bun", "unequal/random-load/bun", "same"],
          ["unequal/round-robin/bun", "unequal/round-robin/deno", "runtime"],
        ],
      ),
      workload(
        "mdalp",
        "a file to three receivers over UDP",
        "5 kB at 1/10 of the latencies, no loss: balanced came first with 1.080 x bound; only C took 2.34 times (2.30..2.38) as long.",
        mdalp(),
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
  const without = { ...first, rounds: [], value: null };
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
      comparisons: redirected.comparisons.map((one) => ({
        ...one,
        ratio: null,
        pairs: 0,
        significant: false,
        sentence: "Nothing is told: no pair of rounds counts.",
      })),
    }],
  };
}

/** Every text that comes from outside is hostile. */
export function makeHostile(): Results {
  const whole = makeResults();
  const { environment } = whole;
  return {
    ...whole,
    command: HOSTILE,
    complete: false,
    incomplete: [HOSTILE],
    warnings: [HOSTILE],
    environment: {
      ...environment,
      cpu: HOSTILE,
      kernel: HOSTILE,
      governor: HOSTILE,
      versions: { [HOSTILE]: HOSTILE },
      runner: HOSTILE,
      revision: HOSTILE,
    },
    workloads: whole.workloads.map((one) => ({
      ...one,
      name: one.name === "redirect" ? `redirect ${HOSTILE}` : one.name,
      summary: HOSTILE,
      sentence: HOSTILE,
      leftOut: [{ what: HOSTILE, why: HOSTILE }],
      setUps: one.setUps.map((setUp) => ({
        ...setUp,
        id: `${setUp.id} ${HOSTILE}`,
        group: `${setUp.group} ${HOSTILE}`,
        name: `${setUp.name} ${HOSTILE}`,
        runtime: `${setUp.runtime} ${HOSTILE}`,
        failures: { [HOSTILE]: 3 },
        servers: { [HOSTILE]: 5, b: 6 },
        phases: Object.fromEntries(
          Object.entries(setUp.phases).map(([name, latency]) => [`${name} ${HOSTILE}`, latency]),
        ),
        sequence: setUp.sequence.map((point) => ({ ...point, receiver: HOSTILE })),
        rounds: setUp.rounds.map((round) => ({
          ...round,
          void: round.void && HOSTILE,
          failures: { [HOSTILE]: 3 },
          mismatch: round.mismatch && { ...round.mismatch, url: HOSTILE },
        })),
      })),
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        setUp: `${comparison.setUp} ${HOSTILE}`,
        to: `${comparison.to} ${HOSTILE}`,
        sentence: HOSTILE,
      })),
    })),
  };
}
