import { test } from "uvu";
import * as assert from "uvu/assert";
import { EVERY_VERDICT, everyVerdict, makeCase, makeReport } from "./fixture.ts";
import {
  conformsOf,
  countsText,
  exitCodeOf,
  rulesOf,
  summarise,
  worstExitCode,
} from "./summary.ts";
import { verdictSentence } from "./verdict-sentence.ts";

const { pass, fail, blocked, skipped, error, unsupported } = EVERY_VERDICT;
const optionalFail = EVERY_VERDICT["optional-fail"];
const lacking = makeCase({ verdict: "unsupported", message: "lacks redirect.server.404" });
const nothing: ReadonlySet<string> = new Set();
const known: ReadonlySet<string> = new Set([fail.id]);

test("cases are counted by verdict, and what is zero is not told", () => {
  assert.equal(summarise([pass, pass, fail]), {
    pass: 2,
    fail: 1,
    "optional-fail": 0,
    unsupported: 0,
    blocked: 0,
    skipped: 0,
    error: 0,
  });
  assert.is(countsText(summarise([pass, pass, fail])), "2 pass, 1 fail");
});

test("only a MUST that failed or is lacking makes an implementation non-conforming", () => {
  assert.is(conformsOf([pass, fail, error]), false);
  assert.is(conformsOf([pass, lacking]), false);
  assert.is(conformsOf([pass, optionalFail, unsupported]), true);
  assert.is(conformsOf([pass, { ...lacking, level: "SHOULD" }]), true);
  assert.is(conformsOf([pass, { ...lacking, message: "no such role" }]), true);
});

test("a MUST without a verdict, or no case at all, leaves it open", () => {
  for (const one of [blocked, skipped, error]) {
    assert.is(conformsOf([pass, one]), null, one.verdict);
    assert.is(conformsOf([pass, { ...one, level: "SHOULD" }]), true, one.verdict);
  }
  assert.is(conformsOf([]), null);
});

test("a rule takes the worst verdict of its cases", () => {
  const rule = "redirect.server.404";
  const of = (...cases: (typeof pass)[]) =>
    rulesOf(cases.map((one) => ({ ...one, rule }))).map(({ verdict }) => verdict);
  assert.equal(of(pass, fail, error), ["fail"]);
  assert.equal(of(pass, skipped), ["skipped"]);
  assert.equal(of(unsupported, pass), ["unsupported"]);
});

test("the exit code is 0, 1 or 3, and 1 before 3", () => {
  const code = (...cases: (typeof pass)[]) => exitCodeOf([makeReport(cases)], nothing);
  assert.is(code(pass, optionalFail, unsupported), 0);
  assert.is(code(pass, fail, error), 1);
  assert.is(code(pass, lacking), 1);
  assert.is(code(pass, skipped), 3);
  assert.is(code(pass, { ...error, level: "MAY" }), 3);
  assert.is(code(), 3);
  assert.is(exitCodeOf([makeReport([pass]), makeReport([fail])], nothing), 1);
  assert.is(worstExitCode([0, 3, 0]), 3);
  assert.is(worstExitCode([3, 1]), 1);
  assert.is(worstExitCode([]), 3);
});

test("a run the engine left open is incomplete although every case passed", () => {
  assert.is(exitCodeOf([makeReport([pass], { conforms: null })], nothing), 3);
});

test("a known failure, and what it blocks, does not change the exit code", () => {
  assert.is(exitCodeOf([makeReport([pass, fail])], known), 0);
  assert.is(exitCodeOf([makeReport([pass, fail, blocked])], known), 0);
  assert.is(exitCodeOf([makeReport([pass, fail, skipped])], known), 3);
  assert.is(exitCodeOf([makeReport([pass, fail, makeCase({ ...fail, id: "other" })])], known), 1);
});

test("a known failure that passes is stale", () => {
  assert.is(exitCodeOf([makeReport([pass, { ...fail, verdict: "pass" }])], known), 1);
});

test("the sentence names the rules that decide", () => {
  const sentence = (...cases: (typeof pass)[]) => verdictSentence(makeReport(cases));
  assert.is(sentence(pass), "conforms: every MUST rule holds");
  assert.is(
    verdictSentence(everyVerdict),
    "does not conform: 1 MUST rule fails: redirect.server.404",
  );
  assert.is(
    sentence(fail, { ...fail, id: "redirect.server.404/2" }, { ...lacking, rule: "r2" }),
    "does not conform: 2 MUST rules fail: redirect.server.404, r2 (lacking)",
  );
  assert.is(
    sentence(pass, skipped, error),
    "open: 2 MUST rules without a verdict (error, skipped): " +
      "redirect.balancer.retests, redirect.client.direct",
  );
  assert.match(verdictSentence(makeReport([pass], { conforms: null })), "run it again");
});

test("a MUST that cannot be judged as it is offered is named, one of a missing role is not", () => {
  const noMode = { ...pass, id: "r3", rule: "r3", verdict: "unsupported" as const };
  const told = (message: string) =>
    verdictSentence(makeReport([pass, { ...noMode, message }], { conforms: true }));
  assert.match(told("the manifest has no mode single of the client"), /without a verdict: r3$/);
  assert.is(told("the implementation has no receiver"), "conforms: every MUST rule holds");
});

test("a run in which every case is unsupported has shown nothing", () => {
  const none = { ...pass, verdict: "unsupported" as const, message: "the implementation has no x" };
  assert.is(conformsOf([none]), null);
  assert.is(exitCodeOf([makeReport([none], { conforms: null })], known), 3);
  assert.match(verdictSentence(makeReport([none], { conforms: null })), "nothing was judged");
});

test.run();
