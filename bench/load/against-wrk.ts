/**
 * The load generator against wrk, which does not look at a body: one worker on Bun and one thread of
 * wrk, fifty connections each, in interleaved rounds on the same nginx.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { Lifetime } from "../lifetime.ts";
import { startNginx } from "../peers/servers.ts";
import { requireTools } from "../peers/tools.ts";
import { parseWrk, wrkCommand } from "../peers/wrk.ts";
import { interleave } from "../rounds.ts";
import { median, pairedRatio } from "../statistics.ts";
import { processorMs } from "./busy.ts";
import { startLoadGenerator } from "./generator.ts";
import type { Expectation } from "./plan.ts";

const CONNECTIONS = 50;
const FILE_BYTES = 1000;

/** Requests a second of wall time, and of processor time. */
interface Rates {
  readonly wall: number;
  readonly processor: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "10" },
    seconds: { type: "string", default: "2" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
if (!(rounds >= 1 && seconds >= 1 && Number.isInteger(rounds) && Number.isInteger(seconds))) {
  console.error("Usage: bun bench/load/against-wrk.ts [--rounds N] [--seconds S], both at least 1");
  process.exit(2);
}
requireTools(["nginx", "wrk"]);
const life = new Lifetime();
const generator = startLoadGenerator(life, { workers: 1, runtime: "bun" });
const body = Buffer.alloc(FILE_BYTES, "steelyard ");
mkdirSync(join(life.folder, "root"));
writeFileSync(join(life.folder, "root", "file"), body);
const file = await startNginx(life, `root ${life.folder}/root;`);
const target = "http://127.0.0.1:1";
const redirect = await startNginx(life, `return 301 ${target}$request_uri;`);

console.log(`load average before: ${loads()}`);
await compare(`a file of ${FILE_BYTES} bytes`, `${file.url}/file`, {
  kind: "body",
  sha256: createHash("sha256").update(body).digest("hex"),
  bytes: FILE_BYTES,
});
const locations = [`${target}/file`];
await compare("a 301", `${redirect.url}/file`, { kind: "redirect", locations });
console.log(`load average after: ${loads()}`);
await generator.close();
process.exit(0);

async function compare(what: string, url: string, expect: Expectation): Promise<void> {
  const perProcessor = new Map<string, number[]>([["ours", []], ["wrk", []]]);
  const subjects = [
    { name: "ours", measure: () => ours(url, expect) },
    { name: "wrk", measure: () => wrk(url) },
  ];
  const perWall = await interleave(subjects, rounds, async ({ name, measure }) => {
    const { wall, processor } = await measure();
    perProcessor.get(name)?.push(processor);
    return wall;
  });
  console.log(`\n${what}, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s`);
  print("requests/s", perWall.get("ours") ?? [], perWall.get("wrk") ?? []);
  // The first of each warmed up.
  const [own = [], theirs = []] = [...perProcessor.values()].map((all) => all.slice(1));
  print("requests per CPU second", own, theirs);
}

async function ours(url: string, expect: Expectation): Promise<Rates> {
  const pid = generator.pids[0] as number;
  const before = processorMs(pid) ?? 0;
  const result = await generator.run({
    url,
    expect,
    connections: CONNECTIONS,
    rate: undefined,
    keepAlive: true,
    follow: false,
    durationMs: seconds * 1000,
    timeoutMs: 10_000,
  }, new AbortController().signal);
  const usedMs = (processorMs(pid) ?? 0) - before;
  const { requests, wallMs, failures, mismatch } = result;
  if (mismatch || Object.keys(failures).length > 0) {
    throw new Error(`a wrong answer: ${JSON.stringify(mismatch ?? failures)}`);
  }
  return { wall: requests * 1000 / wallMs, processor: requests * 1000 / usedMs };
}

/** The shell says at its end what its children have used. */
async function wrk(url: string): Promise<Rates> {
  const output = await life.run(["sh", "-c", `${wrkCommand(url, seconds).join(" ")}; times`]);
  const { requests, requestsPerSecond } = parseWrk(output);
  const times = [...output.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2);
  const used = times.reduce(
    (sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
    0,
  );
  return { wall: requestsPerSecond, processor: requests / used };
}

function print(what: string, own: readonly number[], theirs: readonly number[]): void {
  const ratio = pairedRatio(own, theirs);
  const [middle, low, high] = [ratio.median, ratio.low, ratio.high].map((n) => n.toFixed(3));
  console.log(
    `  ${what}: ours ${median(own).toFixed(0)}, wrk ${median(theirs).toFixed(0)}; ` +
      `ratio ${middle} (95 % ${low}..${high})`,
  );
}

function loads(): string {
  return loadavg().map((average) => average.toFixed(2)).join(" ");
}
