import { readdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mdalpRules } from "../../mdalp/rules.ts";
import { packageRoot } from "../package.ts";
import { loadTraces, traceCases } from "./load.ts";
import { GoldenError } from "./parse.ts";
import { parseTrace } from "./parse-trace.ts";
import type { TraceStep } from "./parse-trace.ts";

const test = suite("traces");

const HEAD = "### A title\n# id: a.b.c\n\n";

function steps(blocks: string): readonly TraceStep[] {
  return parseTrace("golden/x.trace", `${HEAD}${blocks}\n`).steps;
}

const system = join(packageRoot, "golden", "mdalp");
const roles = readdirSync(system).filter((role) =>
  readdirSync(join(system, role)).some((name) => name.endsWith(".trace"))
);

test("every golden trace names a rule that is there, with its level and role", () => {
  let count = 0;
  for (const role of roles) {
    const goldens = loadTraces("mdalp", role);
    const files = readdirSync(join(system, role)).filter((name) => name.endsWith(".trace"));
    assert.is(goldens.length, files.length, role);
    for (const { path, keys, steps } of goldens) {
      count++;
      const rule = mdalpRules.find(({ id }) => id === keys.id?.split("/")[0]);
      assert.ok(rule, `${path}: no rule ${keys.id}`);
      assert.is(keys.level, rule.level, path);
      assert.is(keys.role, rule.role, path);
      assert.is(role, rule.role, path);
      assert.ok(keys.source, path);
      const judged = steps.some(({ direction }) => direction === "receive");
      assert.ok(judged, `${path}: nothing is received, so nothing is judged`);
    }
  }
  assert.ok(count >= 60, `${count} goldens`);
});

test("titles of golden traces are sentences, and each is another", () => {
  const titles = new Map<string, string>();
  for (const role of roles) {
    for (const { path, title } of loadTraces("mdalp", role)) {
      assert.match(title, /^[A-Z][^.]*\S \S.*[^.\s]$/, path);
      assert.ok(title.length <= 90, `${path}: ${title.length} characters`);
      assert.is(titles.get(title), undefined, `${path} and ${titles.get(title)}`);
      titles.set(title, path);
    }
  }
});

test("a golden trace is a case under its id, with its title and path", () => {
  const [first] = traceCases("mdalp", "client", () => Promise.resolve());
  const [golden] = loadTraces("mdalp", "client");
  assert.is(first?.id, golden?.keys.id);
  assert.is(first?.title, golden?.title);
  assert.is(first?.golden, golden?.path);
  assert.is(first?.rule, golden?.keys.id?.split("/")[0]);
});

test("a file is a title, keys and datagrams with their lines", () => {
  const { title, keys, steps } = parseTrace(
    "x.trace",
    `${HEAD}# refused\n# address-a: 10.0.0.1:7\n\n<<< orchestrator\nType:0;\n\n>>> a\none\n\ntwo\n`,
  );
  assert.is(title, "A title");
  assert.equal(keys, { id: "a.b.c", refused: "yes", "address-a": "10.0.0.1:7" });
  assert.equal(
    steps.map(({ direction, party, written, line }) => [
      direction,
      party,
      written[0],
      line,
    ]),
    [
      ["receive", "orchestrator", "Type:0;", 8],
      ["send", "a", "one", 11],
      ["send", "a", "two", 13],
    ],
  );
});

const PLAIN = { afterMs: 0, atMs: undefined, times: 1, from: undefined, again: false, drop: false };

const MODIFIERS: readonly (readonly [line: string, found: Partial<TraceStep>])[] = [
  [">>> a", {}],
  [">>> a after 90 ms", { afterMs: 90 }],
  [">>> a after 0.9 s", { afterMs: 900 }],
  [">>> a at 1.5 s", { atMs: 1500 }],
  [">>> a twice", { times: 2 }],
  [">>> a 10 times", { times: 10 }],
  [">>> a from orchestrator", { from: "orchestrator" }],
  ["<<< a again", { again: true }],
  ["<<< a drop", { drop: true }],
  ["<<< a drop again", { drop: true, again: true }],
  ["<<< a again at 2 s", { again: true, atMs: 2000 }],
  [">>> a from b 3 times after 1 s", { from: "b", times: 3, afterMs: 1000 }],
];

for (const [line, found] of MODIFIERS) {
  test(`reads ${line}`, () => {
    const [step] = steps(`${line}\nx`);
    const { afterMs, atMs, times, from, again, drop } = step as TraceStep;
    assert.equal({ afterMs, atMs, times, from, again, drop }, { ...PLAIN, ...found });
    assert.is(step?.party, "a");
  });
}

test("each line of a block is a datagram, with the block's modifiers", () => {
  const all = steps(">>> a twice\none\n{{empty}}\n\ntwo");
  assert.equal(all.map(({ alternatives, times }) => [alternatives, times]), [
    [[["one"]], 2],
    [[[]], 2],
    [[["two"]], 2],
  ]);
});

test("||| gives the datagram before it another form", () => {
  const [one, two] = steps("<<< a\nx\n|||\ny\n|||\n{{empty}}\n\n<<< a\nz");
  assert.equal(one?.alternatives, [["x"], ["y"], []]);
  assert.equal(one?.written, ["x", "y", "{{empty}}"]);
  assert.equal(two?.alternatives, [["z"]]);
});

test("escaped braces are bytes, and no matcher", () => {
  const [step] = steps(">>> a\n\\x7b{a}} {{a}} \\\\ \\x00");
  assert.equal(step?.alternatives, [["{{a}} ", { matcher: "a" }, " \\ \0"]]);
});

const REFUSED: readonly (readonly [what: string, blocks: string, told: RegExp])[] = [
  ["no party", ">>>\nx", /^golden\/x\.trace:4: no party after the mark: `<<< orchestrator`$/],
  ["a block without a datagram", ">>> a\n\n<<< a\nx", /:4: no datagram in this block/],
  ["no block", "", /:\d+: no datagram after `>>>` or `<<<` in it/],
  [
    "an unknown modifier",
    ">>> a\nx\n>>> a slowly\ny",
    /:6: unknown "slowly"; there is after 90 ms/,
  ],
  ["a time without its unit", ">>> a after 90\nx", /:4: unknown "after 90"; there is after 90 ms/],
  ["a modifier of sending on a receipt", "<<< a twice\nx", /:4: `from`, `twice` and `times` are/],
  ["another sender of a receipt", "<<< a from b\nx", /:4: `from`, `twice` and `times` are for/],
  ["an unknown key", "# levle: MUST\n>>> a\nx", /:4: unknown key "levle"; there is id, level/],
  ["a line before the first block", "Type:0;\n>>> a\nx", /:4: not `# key: value`; datagrams begin/],
  ["an alternative of what is sent", ">>> a\nx\n|||\ny", /:6: `\|\|\|` stands alone, after `<<<`/],
  ["two datagrams after |||", "<<< a\nx\n|||\ny\nz", /:6: `\|\|\|` stands alone/],
  ["an alternative with a party", "<<< a\nx\n||| a\ny", /:6: `\|\|\|` stands alone/],
  ["no escape", ">>> a\nx\\n", /:5: .* is no escape; write \\xHH for a byte, \\\\ for a backslash/],
  ["an unknown matcher", "<<< a\n{{anny}}", /:5: \{\{anny\}\} is no matcher of a trace; .*\\x7b\{/],
  ["{{empty}} among text", ">>> a\nx{{empty}}", /:5: \{\{empty\}\} stands alone on its line/],
  ["to send {{any}}", ">>> a\nx{{any}}", /:5: \{\{any\}\} has no one value, so it cannot be sent/],
];

for (const [what, blocks, told] of REFUSED) {
  test(`names the place of ${what}`, () => {
    assert.throws(() => steps(blocks), (error: unknown) => {
      assert.instance(error, GoldenError);
      assert.match((error as Error).message, told);
      return true;
    });
  });
}

test("a file without a title is refused", () => {
  assert.throws(
    () => parseTrace("x.trace", "# id: a\n\n>>> a\nx\n"),
    /^GoldenError: x\.trace:1: the first line is not `### ` and a title|^x\.trace:1: the first line/,
  );
});

test.run();
