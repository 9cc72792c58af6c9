import { test } from "uvu";
import * as assert from "uvu/assert";
import { existsSync } from "node:fs";
import type { Case } from "../case.ts";
import { processesWithToken } from "../process/mod.ts";
import { CaseFailure, CaseSkipped, CaseUnsupported } from "../verdict.ts";
import type { Level } from "../verdict.ts";
import { Connection } from "../wire/connection.ts";
import type { CaseContext } from "./context.ts";
import { runCases } from "./runner.ts";
import type { CaseResult, RunOptions } from "./runner.ts";
import { implementation, LISTENER, rule, suite } from "./test-kit.ts";
import type { MadeUp } from "./test-kit.ts";

const LISTENING: MadeUp = {
  roles: { server: { run: [...LISTENER, "{port}"], port: "given" } },
};

type One = Partial<Case> & { readonly level?: Level; readonly role?: string };

/** Runs made-up cases, each of a rule with its own name. */
async function run(
  cases: Readonly<Record<string, One>>,
  options: Partial<RunOptions> = {},
  made: MadeUp = LISTENING,
): Promise<Record<string, CaseResult>> {
  const named = Object.entries(cases);
  const rules = named.map(([name, { level, role }]) => rule(name, level, role));
  const list: Case[] = named.map(([name, { level: _level, role: _role, ...parts }]) => ({
    id: `${name}/case`,
    rule: name,
    title: name,
    run: () => Promise.resolve(),
    ...parts,
  }));
  const defaults = { jobs: 2, seed: 1, fast: false, timeoutMs: undefined };
  const results = await runCases(suite(rules, list), list, implementation(made), {
    ...defaults,
    ...options,
  });
  assert.equal(results.map((result) => result.case), list, "the order of the cases");
  return Object.fromEntries(results.map((result) => [result.rule.id, result]));
}

function fail(message = "no"): Promise<never> {
  return Promise.reject(new CaseFailure(message, { sent: "a", expected: "b", actual: "c" }));
}

const failing: One = { run: () => fail() };

function verdicts(results: Record<string, CaseResult>): Record<string, string> {
  return Object.fromEntries(Object.entries(results).map(([name, one]) => [name, one.verdict]));
}

test("each way in which a case ends has its verdict", async () => {
  const results = await run({
    passes: { run: () => Promise.resolve("with more to say") },
    must: failing,
    should: { ...failing, level: "SHOULD" },
    skips: { run: () => Promise.reject(new CaseSkipped("needs curl")) },
    differs: { run: () => Promise.reject(new CaseUnsupported("has no files")) },
    breaks: { run: () => Promise.reject(new TypeError("x is undefined")) },
  });
  assert.equal(verdicts(results), {
    passes: "pass",
    must: "fail",
    should: "optional-fail",
    skips: "skipped",
    differs: "unsupported",
    breaks: "error",
  });
  assert.is(results.passes!.outcome.message, "with more to say");
  assert.is(results.skips!.outcome.message, "needs curl");
  assert.match(results.breaks!.outcome.message, /TypeError: x is undefined\n.*runner\.test\.ts/s);
  const { outcome } = results.must!;
  assert.equal(outcome.kind === "fail" && outcome.evidence, {
    sent: "a",
    expected: "b",
    actual: "c",
  });
});

test("optional rules are judged where they are claimed", async () => {
  const cases: Record<string, One> = {
    claimed: { ...failing, level: "MAY" },
    other: { ...failing, level: "MAY" },
  };
  const results = await run(cases, {}, { ...LISTENING, claims: ["claimed"] });
  assert.equal(verdicts(results), { claimed: "optional-fail", other: "unsupported" });
  assert.is(results.other!.outcome.message, "optional, and not claimed in the manifest");
});

test("rules that an implementation lacks, and roles that it has not, are unsupported", async () => {
  const results = await run(
    {
      lacked: failing,
      balancer: { ...failing, role: "balancer" },
      together: { ...failing, roles: ["server", "client"] },
      server: {},
    },
    {},
    { ...LISTENING, lacks: ["lacked"] },
  );
  assert.equal(verdicts(results), {
    lacked: "unsupported",
    balancer: "unsupported",
    together: "unsupported",
    server: "pass",
  });
  assert.match(results.lacked!.outcome.message, /lacks lacked, as its manifest says/);
  assert.match(results.balancer!.outcome.message, /has no balancer/);
  assert.match(results.together!.outcome.message, /has no client/);
});

test("a failure is blocked where its groundwork failed, and only then", async () => {
  const results = await run({
    later: { ...failing, needs: ["ground"] },
    fine: { needs: ["ground"] },
    other: { ...failing, needs: ["sound"] },
    ground: failing,
    sound: {},
  });
  assert.equal(verdicts(results), {
    later: "blocked",
    fine: "pass",
    other: "fail",
    ground: "fail",
    sound: "pass",
  });
  assert.is(results.later!.outcome.message, "judged only when ground holds: no");
});

/** A case that takes a different end in each of its attempts. */
function attempts(...ends: (() => Promise<string | void>)[]) {
  let count = 0;
  return {
    run: () => (ends[count++] ?? (() => Promise.reject(new Error("an attempt too many"))))(),
    count: () => count,
  };
}

const pass = () => Promise.resolve();
const crash = () => Promise.reject(new Error("crash"));

test("an error is tried once more, and only once", async () => {
  const mended = attempts(crash, pass);
  const broken = attempts(crash, crash);
  const failed = attempts(crash, fail);
  const results = await run({
    mended: { run: mended.run },
    broken: { run: broken.run },
    failed: { run: failed.run },
  });
  assert.equal(verdicts(results), { mended: "pass", broken: "error", failed: "fail" });
  assert.equal([mended, broken, failed].map(({ count }) => count()), [2, 2, 2]);
});

test("a failure by the clock is confirmed by a second run, another is believed", async () => {
  const late = attempts(fail, pass);
  const slow = attempts(fail, fail);
  const plain = attempts(fail, pass);
  const results = await run({
    late: { run: late.run, timed: true },
    slow: { run: slow.run, timed: true },
    plain: { run: plain.run },
  });
  assert.equal(verdicts(results), { late: "pass", slow: "fail", plain: "fail" });
  assert.equal([late, slow, plain].map(({ count }) => count()), [2, 2, 1]);
});

test("a second run has nothing beside it", async () => {
  let running = 0;
  const beside: number[] = [];
  const body = (again: boolean) => async () => {
    running++;
    if (again) beside.push(running);
    await new Promise((done) => setTimeout(done, 5));
    running--;
    if (!again) return await fail();
  };
  const one = () => ({ run: attempts(body(false), body(true)).run, timed: true });
  await run({ a: one(), b: one(), c: one(), d: one() }, { jobs: 4 });
  assert.equal(beside, [1, 1, 1, 1]);
});

test("a case that does not end is a failure that shows its log", async () => {
  const results = await run({
    hangs: {
      run: (context) => {
        context.log.add("suite", "waits for ever");
        return new Promise(() => {});
      },
    },
    next: {},
  }, { timeoutMs: 100, jobs: 1 });
  assert.equal(verdicts(results), { hangs: "fail", next: "pass" });
  const { outcome } = results.hangs!;
  assert.match(outcome.message, /not done after 0\.1 s \(--timeout sets the limit\)/);
  assert.match(outcome.kind === "fail" ? outcome.evidence.actual : "", /suite: waits for ever/);
});

test("after a case its folder, processes and ports are gone, however it ended", async () => {
  const left: { folder: string; mark: string; port: number }[] = [];
  const uses = (end: () => Promise<void>): One => ({
    run: async (context) => {
      const { process, port } = await context.launch("server", { values: {} });
      left.push({ folder: context.folder, mark: process.mark, port });
      return end();
    },
  });
  const results = await run(
    { passes: uses(pass), fails: uses(fail), hangs: uses(() => new Promise(() => {})) },
    { timeoutMs: 3000 },
  );
  assert.equal(verdicts(results), { passes: "pass", fails: "fail", hangs: "fail" });
  assert.is(left.length, 3);
  for (const { folder, mark, port } of left) {
    assert.not(existsSync(folder));
    assert.equal(processesWithToken(mark), []);
    const error = await Connection.open("127.0.0.1", port).then(() => {}, (e) => e);
    assert.instance(error, Error);
  }
});

test("verdicts are told as they come, with how many are done", async () => {
  const told: [string, number, number][] = [];
  let free = () => {};
  await run({
    second: { run: () => new Promise<void>((done) => free = done) },
    first: { run: () => Promise.resolve() },
  }, {
    onVerdict: (result, done, total) => {
      told.push([result.rule.id, done, total]);
      free();
    },
  });
  assert.equal(told, [["first", 1, 2], ["second", 2, 2]]);
});

test("cases that wait go first, and no more run at once than there are jobs", async () => {
  const order: string[] = [];
  let running = 0;
  let most = 0;
  const body = async (context: CaseContext) => {
    order.push(context.id);
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 5));
    running--;
  };
  await run({
    a: { run: body },
    b: { run: body },
    c: { run: body, waits: true },
    d: { run: body },
  }, { jobs: 2 });
  assert.is(order[0], "c/case");
  assert.is(most, 2);
});

test("a case runs in its turn, which ends however the case does", async () => {
  let last: Promise<void> = Promise.resolve();
  let running = 0;
  let most = 0;
  const body = async (outcome: () => Promise<void>) => {
    most = Math.max(most, ++running);
    await new Promise((done) => setImmediate(done));
    running--;
    await outcome();
  };
  const names = ["first", "second", "third", "fourth"];
  const list = names.map((name, i): Case => ({
    id: `${name}/case`,
    rule: name,
    title: name,
    run: () => body(i % 2 === 0 ? () => Promise.resolve() : fail),
  }));
  const made = implementation(LISTENING);
  const inTurn = {
    ...suite(names.map((name) => rule(name)), list),
    turn(of: typeof made) {
      assert.is(of, made);
      const before = last;
      let leave = () => {};
      last = new Promise((done) => leave = done);
      return before.then(() => leave);
    },
  };
  const results = await runCases(inTurn, list, made, {
    jobs: 4,
    seed: 1,
    fast: false,
    timeoutMs: undefined,
  });
  assert.equal(results.map(({ verdict }) => verdict), ["pass", "fail", "pass", "fail"]);
  assert.is(most, 1);
  await last;
});

test("a run that is stopped ends at once, and what did not run is an error", async () => {
  const stop = new AbortController();
  let waited: Error | undefined;
  const results = await run({
    done: {},
    running: {
      run: async (context) => {
        stop.abort();
        await context.log.waitFor(() => false, 600_000).catch((error) => waited = error);
      },
    },
    waiting: {},
  }, { jobs: 1, signal: stop.signal });
  assert.equal(verdicts(results), { done: "pass", running: "error", waiting: "error" });
  assert.is(results.running!.outcome.message, "the run was stopped");
  assert.is(waited?.message, "the case is over");
});

test("a program that is not there is the submission's failure", async () => {
  const made: MadeUp = { roles: { server: { run: ["no-such-program"], port: "given" } } };
  const results = await run(
    {
      launch: {
        run: async (context) => void await context.launch("server", { values: {} }),
      },
    },
    {},
    made,
  );
  assert.is(results.launch!.verdict, "fail");
  assert.match(results.launch!.outcome.message, /no-such-program/);
});

test("a case of no rule is an error that names both", async () => {
  const stray: Case = { id: "a/b", rule: "a", title: "stray", run: pass };
  const options: RunOptions = { jobs: 1, seed: 1, fast: false, timeoutMs: undefined };
  const error = await runCases(suite([], [stray]), [stray], implementation(LISTENING), options)
    .then(() => undefined, (reason: Error) => reason);
  assert.is(error?.message, "case a/b names no rule: a");
});

test.run();
