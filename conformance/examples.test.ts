/** The example submissions: the right one conforms, the faulty one fails for its six faults only. */
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { check } from "./check.ts";
import { packageRoot } from "./engine/package.ts";
import { loadImplementation } from "./engine/run/implementation.ts";
import type { Report } from "./report/mod.ts";
import { allCases, allRules, suiteOf } from "./suites.ts";
import { needs } from "./testing.ts";

const test = suite("examples");
const known = {
  ruleIds: allRules().map(({ id }) => id),
  caseIds: allCases().map(({ id }) => id),
};

async function checkExample(name: string, only?: string[], fast = false): Promise<Report> {
  const implementation = await loadImplementation(join(packageRoot, "examples", name), known);
  return await check(suiteOf(implementation.system)!, implementation, {
    selection: only ? { only } : {},
    on: "node",
    jobs: 8,
    seed: 1,
    fast,
    timeoutMs: undefined,
  });
}

/** The rules that failed, without the system's name. */
function failedRules(report: Report): string[] {
  const failed = report.cases.filter(({ verdict }) => /fail|error/.test(verdict));
  for (const { id, message } of failed) console.log(`  ${id}: ${message.slice(0, 160)}`);
  return [...new Set(failed.map(({ rule }) => rule.slice(rule.indexOf(".") + 1)))].sort();
}

needs(test, "python3", "the right submission holds every rule", async () => {
  const report = await checkExample("redirect-right");
  assert.equal(failedRules(report), []);
  assert.is(report.conforms, true);
  assert.is(report.summary.pass, suiteOf("redirect")!.cases.length);
});

needs(
  test,
  "faketime",
  "the faulty submission fails the rules of its six faults only",
  async () => {
    const report = await checkExample("redirect-faulty");
    assert.is(report.conforms, false);
    assert.equal(failedRules(report), [
      // No Content-Length, and the connection stays open; the folders of a path are dropped; times
      // are sorted as text; a server that is down ends the balancer.
      "balancer.drops-dead-at-start",
      "balancer.faster-gets-more",
      "balancer.location",
      "balancer.message-ends",
      "balancer.rank-shares",
      // The body is read as text.
      "client.saves-identical",
      // A short request line ends the server.
      "server.bad-request",
      // Through a client that reads bodies as text no binary file comes intact.
      "system.files-intact",
    ]);
  },
);

needs(test, "faketime", "a balancer that moves to another port is followed there", async () => {
  // A failure under a warped clock would be repeated under a straight one, with its 120 s rounds.
  const report = await checkExample("redirect-rebinding", [
    "redirect.balancer.{retests,keeps-address,follows-change,drops-dead-at-retest,301}",
  ], true);
  assert.equal(failedRules(report), []);
  const [moved, ...others] = report.cases.filter(({ verdict }) => verdict === "skipped");
  assert.is(moved?.id, "redirect.balancer.keeps-address");
  assert.match(moved?.message ?? "", "the balancer moved from");
  assert.equal(others, []);
});

needs(test, "faketime", "the right MDALP client holds every rule", async () => {
  const report = await checkExample("mdalp-right");
  assert.equal(failedRules(report), []);
  assert.is(report.conforms, true);
  assert.is(report.summary.pass, report.cases.filter(({ role }) => role === "client").length);
});

needs(test, "faketime", "the faulty MDALP client fails the rules of its faults only", async () => {
  // A failure under a warped clock would be repeated under a straight one, for 130 s.
  const report = await checkExample("mdalp-faulty", undefined, true);
  assert.is(report.conforms, false);
  assert.equal(failedRules(report), [
    // Any ack with its TID is that of the packet in flight, from whomever, whatever its SEQ.
    "client.ack-checked",
    // The file is read as text.
    "client.binary",
    // Nobody looks at the clock.
    "client.dead-receiver",
    "client.duplicate-ack",
    // An ack without a SEQ counts as well.
    "client.garbage",
    "client.no-eval",
    "client.shares",
  ]);
  const skipped = report.cases.filter(({ verdict }) => verdict === "skipped");
  assert.equal(skipped.map(({ rule }) => rule), ["mdalp.client.intent-again"]);
});

test.run();
