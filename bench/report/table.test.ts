import { test } from "uvu";
import * as assert from "uvu/assert";
import { HOSTILE, makeHostile } from "./fixture-hostile.ts";
import { makeIncomplete, makeResults } from "./fixture.ts";
import type { Results, RoundResult, SetUpResult, WorkloadResult } from "../results.ts";
import { voidLine } from "../run/void-rounds.ts";
import { resultTable } from "./table.ts";

const results = makeResults();
const plain = resultTable(results, { columns: 80, color: false });
const lines = (text: string) => text.trimEnd().split("\n");

test("the end says for each workload what won, and nothing else", () => {
  const sentences = results.workloads.map(({ name, sentence }) => `${name}: ${sentence}`);
  assert.ok(sentences.every((one) => /came first/.test(one)));
  const end = plain.slice(plain.lastIndexOf("\n\n") + 2);
  assert.is(end.replace(/\n +/g, " "), sentences.join("\n") + "\n");
  assert.match(end, "\nmdalp:\n  5 kB");
  assert.match(end, "\nproxy: Three unequal");
});

test("a row has the value with its interval, latencies, failures and shares", () => {
  const wide = resultTable(results, { columns: 100, color: false });
  const row = lines(wide).find((line) => /^ +random-load +bun/.test(line)) ?? "";
  assert.match(row, /\b[\d,]{6} \([\d,]{6}\.\.[\d,]{6}\) +\d+ µs +[\d.]+ ms +24 +50\/30\/20$/);
  assert.match(wide, "failures: 16 timeout, 8 status 502 (0.04 %)");
});

test("no line is wider than the terminal, down to 60 columns", () => {
  for (const columns of [60, 80, 90, 100]) {
    const widest = lines(resultTable(results, { columns, color: false }))
      .sort((a, b) => b.length - a.length)[0] ?? "";
    assert.ok(widest.length <= columns, `${widest.length} of ${columns}: ${widest}`);
  }
});

test("what is void, warned of, left out and checked is told", () => {
  const told = plain.replace(/\n +/g, " ");
  assert.match(
    told,
    "redirect 1kB/2-servers/node: 1 of 8 rounds is void: in round 3 the body of " +
      "http://127.0.0.1:41234/1000.bin was wrong from byte 512 on: 1000 bytes with SHA-256 " +
      `${"cd".repeat(32)}, not 1000 with ${"ab".repeat(32)}`,
  );
  assert.match(told, "warning: the machine was busy");
  assert.match(told, "not measured: haproxy: it is not installed");
  assert.match(told, /[\d,]+ bodies, [\d.]+ GB, every byte checked in the rounds that count/);
  assert.match(told, "7 of 8 rounds count, 1 outlier");
});

/** The first set-up with a wrong body in the warm-up and in two rounds, as the run tells of it. */
function withWarmUp(): Results {
  const [redirect, ...others] = results.workloads as [WorkloadResult, ...WorkloadResult[]];
  const [first, ...rest] = redirect.setUps as [SetUpResult, ...SetUpResult[]];
  const wrong = results.workloads.flatMap(({ setUps }) => setUps)
    .flatMap(({ rounds }) => rounds).find(({ mismatch }) => mismatch) as RoundResult;
  const rounds = [0, 1, 2].map((round) => ({ ...wrong, round }));
  const setUp = { ...first, rounds: [...rounds, ...first.rounds.slice(2)] };
  return {
    ...results,
    complete: false,
    incomplete: [voidLine("redirect", setUp) as string],
    workloads: [{ ...redirect, setUps: [setUp, ...rest] }, ...others],
  };
}

test("what is void is told once a set-up, and the warm-up is none of the rounds", () => {
  const told = resultTable(withWarmUp(), { columns: 100, color: false }).replace(/\n +/g, " ");
  const lines = told.split("\n").filter((line) => line.includes("1kB/direct/bun"));
  assert.is(lines.length, 1, lines.join("\n"));
  assert.match(
    lines[0] ?? "",
    "incomplete: redirect 1kB/direct/bun: the warm-up and 2 of 8 rounds are void: in the warm-up",
  );
  assert.match(lines[0] ?? "", /; a wrong body came in 2 more$/);
  assert.match(told, "the warm-up is void, 6 of 8 rounds count");
});

test("an interval that rounding closes is told, as those of its neighbours are", () => {
  const narrow = {
    ...results,
    workloads: results.workloads.map((one) => ({
      ...one,
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        ratio: { median: 0.2001, low: 0.1999, high: 0.2002 },
      })),
    })),
  };
  assert.match(resultTable(narrow, { columns: 100, color: false }), "0.20 (0.20..0.20)");
});

test("a run that was stopped says so, and what no round counts of has no figure", () => {
  const told = resultTable(makeIncomplete(), { columns: 100, color: false });
  assert.match(told, "incomplete: stopped by SIGINT after round 5 of 8");
  assert.match(told, /straight from server a +bun +no round counts/);
  assert.not.match(plain, "incomplete");
});

test("colour is the caller's to choose", () => {
  assert.not.match(plain, "\x1b");
  assert.match(resultTable(results, { columns: 80, color: true }), "\x1b[1m");
});

test("hostile text reaches no terminal as it is", () => {
  const told = resultTable(makeHostile(), { columns: 80, color: false });
  assert.not.match(told, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]/);
  assert.match(told, "esc \\x1b[31m");
  assert.ok(HOSTILE.includes("\x1b"));
});

test.run();
