import { test } from "uvu";
import * as assert from "uvu/assert";
import { allCases, allRules } from "../../conformance/suites.ts";
import { steelyard } from "./test-kit.ts";

test("lists each case once, under its role, with counts that add up", async () => {
  const { code, stdout } = await steelyard("list");
  assert.is(code, 0);
  for (const { id, title } of allCases()) {
    const lines = stdout.split("\n").filter((line) => line.startsWith(`  ${id} `));
    assert.is(lines.length, 1, id);
    assert.ok(lines[0]?.endsWith(title), id);
  }
  const counted = [...stdout.matchAll(/^(?!in all)\w+ \w+: (\d+) cases? /gm)].map(([, count]) =>
    count
  );
  assert.is(counted.reduce((sum, count) => sum + Number(count), 0), allCases().length);
  assert.match(stdout, `in all: ${allCases().length} cases of ${allRules().length} rules`);
});

test("lists what a selection leaves, as data", async () => {
  const { stdout } = await steelyard("list", "--only", "redirect.server.404", "--json");
  assert.equal(JSON.parse(stdout)[0], {
    id: "redirect.server.404/beyond-file",
    rule: "redirect.server.404",
    role: "server",
    level: "MUST",
    title: "A path that goes on below a file gets 404",
    golden: "golden/redirect/server/404.beyond-file.http",
  });
  assert.is(JSON.parse(stdout).length, 3);
});

test("takes several selections", async () => {
  const rules = ["redirect.server.404", "proxy.proxy.concurrent"];
  const args = rules.flatMap((rule) => ["--only", rule]);
  const { code, stdout } = await steelyard("list", ...args, "--json");
  assert.is(code, 0);
  const listed = new Set(JSON.parse(stdout).map(({ rule }: { rule: string }) => rule));
  assert.equal([...listed].sort(), [...rules].sort());
});

test("lists one system's cases, traces among them", async () => {
  const { code, stdout } = await steelyard("list", "--system", "mdalp");
  assert.is(code, 0);
  assert.match(stdout, /^mdalp client: \d+ cases of \d+ rules \(\d+ MUST, \d+ SHOULD\)$/m);
  assert.match(stdout, /^mdalp orchestrator: /m);
  assert.match(stdout, /^mdalp receiver: /m);
  assert.match(stdout, /^ {2}mdalp\.client\.duplicate-ack\/late +MUST +A late ack of the packet/m);
  assert.not.match(stdout, "redirect");
  const data = JSON.parse((await steelyard("list", "--role", "receiver", "--json")).stdout);
  const one = data.find(({ id }: { id: string }) => id === "mdalp.receiver.acks/one");
  assert.is(one.golden, "golden/mdalp/receiver/acks.one.trace");
});

test("lists rules with the number of their cases", async () => {
  const args = ["list", "--role", "balancer", "--level", "must", "--rules"];
  const { stdout } = await steelyard(...args);
  assert.match(stdout, /^ {2}redirect\.balancer\.html-body +MUST +a body in HTML.*\(1 case\)$/m);
  assert.not.match(stdout, "SHOULD ");
  const data = JSON.parse((await steelyard(...args, "--json")).stdout);
  const injection = data.find(({ id }: { id: string }) => id.endsWith("no-header-injection"));
  assert.is(injection.mark, "security");
  assert.is(injection.cases, 4);
});

const REFUSED: readonly [string[], RegExp][] = [
  [["--role", "sever"], /no role "sever"; did you mean server\?/],
  [["--system", "redirct"], /no suite for the system "redirct"; did you mean redirect\?/],
  [["--only", "nothing"], /no case fits the selection/],
  [["--level", "most"], /"most" is none of must, should, may/],
  [["redirect.server.404"], /unexpected argument .*--only/],
];

for (const [args, told] of REFUSED) {
  test(`refuses ${args.join(" ")}`, async () => {
    const { code, stderr } = await steelyard("list", ...args);
    assert.is(code, 2);
    assert.match(stderr, told);
  });
}

test.run();
