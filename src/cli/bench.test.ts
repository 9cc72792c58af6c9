/** The benchmark as a program: what it says, writes and ends with, whatever the measured server does. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { ResultsSchema } from "../../bench/results.ts";
import type { Results } from "../../bench/results.ts";
import { readProc, readProcesses } from "../../conformance/engine/process/proc.ts";
import { serveHttp } from "../http1/mod.ts";
import type { Exchange, HttpServer } from "../http1/mod.ts";
import { runArguments, runtime } from "../net/mod.ts";
import { latch, within } from "../net/test-kit.ts";
import { steelyard } from "./test-kit.ts";
import { EXIT } from "./usage.ts";

const test = suite("bench");
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
/** In the environment of all that a run starts. */
const MARK = `STEELYARD_BENCH_TEST=${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "bench-run-"));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run of the command, whose standard error is looked at as it comes. */
class Run {
  err = "";
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #look: () => void = () => {};

  constructor(...args: string[]) {
    const [name = "", value] = MARK.split("=");
    this.#child = spawn(process.execPath, [...runArguments(runtime), MAIN, "bench", ...args], {
      cwd: folder,
      env: { ...process.env, [name]: value, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    this.#child.stdout?.on("data", (bytes) => out += bytes);
    this.#child.stderr?.on("data", (bytes) => {
      this.err += bytes;
      this.#look();
    });
    this.ended = new Promise((resolve) =>
      this.#child.once("close", (code) => resolve({ code, out, err: this.err }))
    );
  }

  /** Waits until standard error says so, or the run has ended. */
  says(what: string): Promise<unknown> {
    const { promise, open } = latch();
    this.#look = () => this.err.includes(what) && open();
    this.#look();
    return Promise.race([promise, this.ended]);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#child.pid as number, name);
  }
}

const BODY = "a file of which every byte is known\n".repeat(20);
const SHA256 = createHash("sha256").update(BODY).digest("hex");
const servers: HttpServer[] = [];

/** A server on loopback; `answer` is told how many requests came before. */
async function serve(answer: (exchange: Exchange, before: number) => void): Promise<string> {
  let requests = 0;
  const server = await serveHttp({ host: "127.0.0.1", port: 0 }, {
    onRequest: (exchange) => answer(exchange, requests++),
    refuse: () => "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
  });
  servers.push(server);
  return `http://127.0.0.1:${server.port}/file`;
}

const answerWith = (exchange: Exchange, body: string, length = body.length) =>
  exchange.answer(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`);

const right = (exchange: Exchange) => answerWith(exchange, BODY);

test.after.each(async () => {
  for (const server of servers.splice(0)) await server.close();
  assert.equal(leftRunning(), [], "nothing of a run outlives it");
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Command lines of processes that a run has started. */
function leftRunning(): string[] {
  return readProcesses()
    .filter(({ pid }) => readProc(`${pid}/environ`)?.split("\0").includes(MARK))
    .map(({ pid }) => readProc(`${pid}/cmdline`)?.replaceAll("\0", " ") ?? String(pid));
}

let runs = 0;
const newFolder = () => join(folder, `out-${++runs}`);

function load(url: string, out: string, more: Readonly<Record<string, string>> = {}): Run {
  const options = { load: url, out, window: "0.1", rounds: "6", connections: "4", ...more };
  return new Run(...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]));
}

function resultsIn(out: string): Results {
  return v.parse(ResultsSchema, JSON.parse(readFileSync(join(out, "bench.json"), "utf8")));
}

const roundsIn = (results: Results) =>
  results.workloads.flatMap(({ setUps }) => setUps.flatMap(({ rounds }) => rounds));

test("a server of one's own is measured, and four files tell of it", async () => {
  const out = newFolder();
  const { code, err } = await load(await serve(right), out, { sha256: SHA256 }).ended;
  assert.is(code, EXIT.conforms, err);
  assert.equal(readdirSync(out).sort(), ["bench.csv", "bench.html", "bench.json", "bench.md"]);
  const results = resultsIn(out);
  assert.ok(results.complete);
  assert.is(roundsIn(results).length, 6);
  for (const { requests, bytes, value } of roundsIn(results)) {
    assert.ok(requests > 0 && (value ?? 0) > 0);
    assert.is(bytes, requests * BODY.length);
  }
});

test("a flipped byte voids its round, fails the run and is told with its place", async () => {
  const out = newFolder();
  const flipped = BODY.slice(0, 100) + "X" + BODY.slice(101);
  const url = await serve((exchange, before) =>
    answerWith(exchange, before === 500 ? flipped : BODY)
  );
  const { code } = await load(url, out, { window: "0.5" }).ended;
  assert.is(code, EXIT.fails);
  const results = resultsIn(out);
  assert.not(results.complete);
  const [wrong, ...others] = roundsIn(results).filter(({ mismatch }) => mismatch);
  assert.is(others.length, 0);
  assert.is(wrong?.value, null);
  assert.is(wrong?.mismatch?.at, 100);
  assert.is(wrong?.mismatch?.actualSha256, createHash("sha256").update(flipped).digest("hex"));
  assert.match(results.incomplete.join("\n"), "wrong from byte 100");
});

test("a short body in a message that is whole is a wrong body", async () => {
  const out = newFolder();
  const url = await serve((exchange, before) =>
    answerWith(exchange, before === 200 ? BODY.slice(0, 50) : BODY)
  );
  const { code } = await load(url, out).ended;
  assert.is(code, EXIT.fails);
  const wrong = roundsIn(resultsIn(out)).find(({ mismatch }) => mismatch)?.mismatch;
  assert.is(wrong?.actualBytes, 50);
});

test("a body that is cut in the client's sight voids its round and fails the run", async () => {
  const out = newFolder();
  const url = await serve((exchange, before) => {
    if (before !== 500) return right(exchange);
    exchange.keepAlive = false;
    exchange.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 50)}`);
    exchange.finish();
  });
  const { code } = await load(url, out, { window: "0.5" }).ended;
  assert.is(code, EXIT.fails);
  const results = resultsIn(out);
  assert.match(results.incomplete.join("\n"), "1 body ended before the end");
  assert.equal(
    roundsIn(results).flatMap((round) => Object.entries(round.failures)),
    [["truncated", 1]],
  );
  assert.match(results.warnings.join("\n"), "transfers failed: 1 x truncated");
});

test("answers of the wrong status are counted and warned of", async () => {
  const out = newFolder();
  const url = await serve((exchange, before) => {
    if (before % 50 !== 49) return right(exchange);
    exchange.answer("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
  });
  const { code, out: shown } = await load(url, out).ended;
  assert.is(code, EXIT.conforms);
  assert.match(shown, /transfers failed: \d+ x status 500/);
});

test("a server that goes away leaves what was measured, marked as incomplete", async () => {
  const out = newFolder();
  let gone = false;
  const url = await serve((exchange) => gone ? exchange.abort() : right(exchange));
  const run = load(url, out, { rounds: "6" });
  await run.says("round 3 of 6");
  gone = true;
  for (const server of servers.splice(0)) await server.close();
  const { code, out: shown } = await run.ended;
  assert.is(code, EXIT.incomplete);
  const results = resultsIn(out);
  assert.not(results.complete);
  assert.match(
    results.incomplete.join("\n"),
    /void: no transfer came whole: \d+ x (refused|reset|closed)/,
  );
  assert.ok(roundsIn(results).some(({ value }) => value !== null));
  assert.match(shown, /incomplete|not complete/i);
});

for (const name of ["SIGINT", "SIGTERM"] as const) {
  test(`${name} in mid round keeps the rounds until then`, async () => {
    const out = newFolder();
    const run = load(await serve(right), out, { rounds: "1000" });
    await run.says("round 3 of 1000");
    run.signal(name);
    const { code, err } = await run.ended;
    assert.is(code, EXIT.incomplete, err);
    assert.match(err, `${name}: stopping; what was measured until now is kept`);
    const results = resultsIn(out);
    assert.not(results.complete);
    assert.match(results.incomplete.join("\n"), "was stopped in round");
    assert.ok(roundsIn(results).length >= 2);
    assert.ok(existsSync(join(out, "bench.html")));
  });
}

for (const workload of ["redirect", "proxy", "mdalp", "peers"]) {
  test(`Ctrl-C while the servers of ${workload} start ends them too`, async () => {
    const out = newFolder();
    const run = new Run(workload, "--rounds", "1", "--out", out);
    await run.says(`${workload}: starting its servers`);
    run.signal("SIGINT");
    const { code } = await within("the end", run.ended, 60_000);
    assert.is(code, EXIT.incomplete);
    assert.not(resultsIn(out).complete);
  });
}

test("an impatient second Ctrl-C loses nothing", async () => {
  const out = newFolder();
  const run = load(await serve(right), out, { rounds: "1000" });
  await run.says("round 2 of 1000");
  run.signal("SIGINT");
  await run.says("stopping");
  run.signal("SIGINT");
  assert.is((await run.ended).code, EXIT.incomplete);
  assert.not(resultsIn(out).complete);
  assert.ok(existsSync(join(out, "bench.html")));
});

test("a run is compared with an older one, and a regression fails it", async () => {
  const [first, second] = [newFolder(), newFolder()];
  const url = await serve(right);
  assert.is((await load(url, first).ended).code, EXIT.conforms);
  const older = resultsIn(first);
  const faster = structuredClone(older);
  for (const round of roundsIn(faster)) if (round.value !== null) round.value *= 20;
  const baseline = join(folder, "faster.json");
  writeFileSync(baseline, JSON.stringify(faster));
  const worse = await load(url, second, { baseline, tolerance: "50" }).ended;
  assert.is(worse.code, EXIT.fails);
  assert.match(worse.out, "1 significant regression beyond 50 %");
  const told = resultsIn(second).baseline;
  assert.equal([told?.tolerance, told?.changes[0]?.verdict], [0.5, "regression"]);
  for (const file of ["bench.html", "bench.md"]) {
    const text = readFileSync(join(second, file), "utf8");
    assert.match(text, "1 significant regression beyond 50 %", file);
  }
  const tolerated = await load(url, second, { baseline, tolerance: "99" }).ended;
  assert.is(tolerated.code, EXIT.conforms, tolerated.out);
});

test("a folder that cannot be made is told before anything is measured", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const { code, err } = await load(await serve(right), join(file, "below")).ended;
  assert.is(code, EXIT.usage);
  assert.match(err, "a-file");
  assert.not.match(err, "warm-up");
});

test("a folder that is replaced meanwhile loses nothing that was shown", async () => {
  const out = newFolder();
  const run = load(await serve(right), out);
  await run.says("round 2 of 6");
  rmSync(out, { recursive: true });
  writeFileSync(out, "");
  const { code, out: shown, err } = await run.ended;
  assert.is(code, EXIT.incomplete);
  assert.ok(err.includes(out), err);
  assert.match(shown, "requests/s");
});

test("a baseline of something else is no comparison", async () => {
  const [first, second] = [newFolder(), newFolder()];
  assert.is((await load(await serve(right), first).ended).code, EXIT.conforms);
  const older = resultsIn(first);
  const baseline = join(folder, "other.json");
  writeFileSync(baseline, JSON.stringify({ ...older, workloads: [] }));
  const { code, out } = await load(await serve(right), second, { baseline }).ended;
  assert.is(code, EXIT.incomplete);
  assert.match(out, "nothing that both measured");
});

const REFUSED: readonly [args: readonly string[], told: string][] = [
  [["proxi"], 'no workload "proxi"; did you mean proxy?'],
  [["--runtimes", "bun,perl"], '"perl" is none of bun, deno, node'],
  [["--rounds", "0"], "--rounds 0 is not a whole number in 1..1000"],
  [["--only", "nothing-of-the-kind"], "leaves nothing to measure"],
  [["--tolerance", "lots"], '--tolerance "lots" is not a percentage'],
  [["--baseline", "none.json"], "--baseline none.json"],
  [["--report", "pdf=x"], "is not FORMAT=FILE"],
  [["--load", "http://127.0.0.1:1/"], "--load http://127.0.0.1:1/"],
  [["--load", "nonsense"], "--load nonsense"],
  [["--load", "http://127.0.0.1:1/", "--sha256", "12"], "64 hexadecimal digits"],
  [["proxy", "--load", "http://127.0.0.1:1/"], "either workloads or --load"],
];

for (const [args, told] of REFUSED) {
  test(`bench ${args.join(" ")} is refused with what to do`, async () => {
    const { code, stderr, stdout } = await steelyard("bench", ...args);
    assert.is(code, EXIT.usage, stderr + stdout);
    assert.ok(stderr.includes(told), stderr);
  });
}

test("--list names the workloads and their set-ups", async () => {
  const { code, stdout } = await steelyard("bench", "--list");
  assert.is(code, EXIT.conforms);
  for (const name of ["redirect", "proxy", "mdalp", "peers"]) assert.match(stdout, `${name}: `);
  assert.match(stdout, /about \d+:\d\d in all/);
});

test.run();
