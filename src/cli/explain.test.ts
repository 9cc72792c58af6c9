import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../conformance/engine/package.ts";
import { needs } from "../../conformance/testing.ts";
import { historyOf } from "./golden-history.ts";
import { steelyard } from "./test-kit.ts";

/** A checkout of the package's own. */
const HISTORY = {
  name: "git and a checkout",
  present: historyOf("golden/mdalp/client/duplicate-ack.late.trace").length > 0,
};

test("explains a case: its rule, golden, the rule's other cases, the command", async () => {
  const { code, stdout } = await steelyard("explain", "redirect.server.404/file");
  assert.is(code, 0);
  assert.match(stdout, /^rule +redirect\.server\.404 \(MUST\)$/m);
  assert.match(stdout, "a missing file gets 404 with an HTML body");
  assert.match(stdout, /^golden +golden\/redirect\/server\/404\.file\.http$/m);
  assert.match(stdout, "    GET /missing.html HTTP/1.1\n");
  assert.match(stdout, "redirect.server.404/folder: ");
  assert.match(stdout, /^run it +npx steelyard check --only redirect\.server\.404\/file$/m);
});

test("gives a case as data, the golden's text as it is in the file", async () => {
  const { stdout } = await steelyard("explain", "redirect.server.404/file", "--json");
  const { kind, golden, otherCases, falseAlarm } = JSON.parse(stdout);
  assert.is(kind, "case");
  assert.is(golden.text, readFileSync(join(packageRoot, golden.path), "utf8"));
  assert.is(otherCases.length, 2);
  assert.is(falseAlarm, undefined);
});

test("explains a case of datagrams with its trace", async () => {
  const { code, stdout } = await steelyard("explain", "mdalp.client.duplicate-ack/late");
  assert.is(code, 0);
  assert.match(stdout, /^golden +golden\/mdalp\/client\/duplicate-ack\.late\.trace$/m);
  assert.match(stdout, "    <<< a again\n    Type:2;TID:3740;SEQ:1;DATA:{{any}}\n");
  assert.match(stdout, /^judged when +mdalp\.client\.intent, /m);
  assert.match(stdout, /^mutants +mutant:mdalp-client-/m);
  const data = JSON.parse(
    (await steelyard("explain", "mdalp.receiver.acks/full", "--json")).stdout,
  );
  assert.is(data.golden.text, readFileSync(join(packageRoot, data.golden.path), "utf8"));
});

needs(
  test,
  HISTORY,
  "tells the history of a trace",
  async () => {
    const { stdout } = await steelyard("explain", "mdalp.client.duplicate-ack/late");
    assert.match(stdout, /^history +\d{4}-\d\d-\d\d \S/m);
  },
);

test("says how rarely a statistical case is wrong", async () => {
  const { stdout } = await steelyard("explain", "redirect.balancer.faster-gets-more");
  assert.match(stdout, /^false alarm +.* with probability 1e-6 at most$/m);
});

test("says which rules must hold first", async () => {
  const { stdout } = await steelyard("explain", "redirect.balancer.stops-probing-dead");
  assert.match(stdout, /^judged when +redirect\.balancer\.retests, /m);
});

test("explains a rule with its mark and its cases", async () => {
  const { code, stdout } = await steelyard("explain", "redirect.server.stays-in-root");
  assert.is(code, 0);
  assert.match(stdout, /^mark +security/m);
  assert.match(stdout, "redirect.server.stays-in-root/dots: ");
  assert.match(stdout, "--only redirect.server.stays-in-root\n");
});

const REFUSED: readonly [string[], RegExp][] = [
  [["redirect.server.404/fiel"], /did you mean redirect\.server\.404\/file\?/],
  [["redirect.server.405"], /did you mean redirect\.server\.404\?/],
  [["stays-in-root"], /did you mean redirect\.server\.stays-in-root\?/],
  [["zzz"], /no case and no rule "zzz"; steelyard list/],
  [[], /no id given/],
];

for (const [args, told] of REFUSED) {
  test(`refuses ${args.join(" ") || "nothing"}`, async () => {
    const { code, stderr } = await steelyard("explain", ...args);
    assert.is(code, 2);
    assert.match(stderr, told);
  });
}

needs(test, "git", "tells a golden's history in a checkout of its own, and else none", () => {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-history-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  try {
    git("init", "-q");
    for (const [file, subject] of [["a.http", "Add a"], ["b.http", "Add b"]] as const) {
      writeFileSync(join(folder, file), "");
      git("add", file);
      git("commit", "-q", "-m", subject);
    }
    assert.match(historyOf("a.http", folder).join("\n"), /^\d{4}-\d\d-\d\d Add a$/);
    mkdirSync(join(folder, "inside"));
    assert.equal(historyOf("a.http", join(folder, "inside")), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
