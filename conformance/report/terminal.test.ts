import { $ } from "kleur/colors";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { allPass, EVERY_VERDICT, everyVerdict, hostile, makeCase, makeReport } from "./fixture.ts";
import { terminalReport } from "./terminal.ts";

const plain = { colour: false, columns: 80, verbose: false };
const { fail } = EVERY_VERDICT;

test("header, roles, failures, reasons, counts and the sentence, in this order", () => {
  const text = terminalReport([everyVerdict], plain);
  const places = [
    "jdoe: redirect on bun 1.4.5, seed 7, isolation none\n",
    "\n  server    1 pass  1 fail  1 unsupported\n",
    "\n  balancer  1 skipped\n",
    "\nfail redirect.server.404 (MUST)\n  rule: a missing file gets 404 with an HTML body\n",
    "\n  a file that does not exist was answered with 200 instead of 404\n",
    "\n  sent\n    GET /missing.html HTTP/1.1\n",
    "\n  expected\n    HTTP/1.1 404 Not Found\n",
    "\n  actual\n    HTTP/1.1 200 OK\n",
    "\n    - HTTP/1.1 404 Not Found\n    + HTTP/1.1 200 OK\n               ^\n",
    "\n  reproduce: npx steelyard check ./steelyard.json --only redirect.server.404 --seed 7\n",
    "\noptional-fail redirect.client.bounded-redirects (SHOULD)\n",
    "\nblocked (1 case)\n  redirect.system.files-intact: needs redirect.server.404, which failed\n",
    "\nskipped (1 case)\n  redirect.balancer.retests: left out by --fast",
    "\nerror (1 case)\n  redirect.client.direct: the stand-in server could not bind",
    "\n7 cases: 1 pass, 1 fail, 1 optional-fail,",
    "\ndoes not conform: 1 MUST rule fails: redirect.server.404\n",
  ].map((part) => [part, text.indexOf(part)] as const);
  for (const [part, place] of places) assert.ok(place >= 0, part);
  assert.equal(places, [...places].sort(([, a], [, b]) => a - b));
  assert.not.match(text, "\nunsupported (");
});

test("a report in which all is well is short", () => {
  assert.is(
    terminalReport([allPass], plain),
    "reference: medals on bun 1.4.5, seed 7, isolation none\n\n  server  1 pass\n\n" +
      "1 case: 1 pass (1.2 s)\nconforms: every MUST rule holds\n",
  );
});

test("a MUST that failed comes before an optional failure", () => {
  const text = terminalReport([makeReport([EVERY_VERDICT["optional-fail"], fail])], plain);
  assert.ok(text.indexOf("\nfail ") < text.indexOf("\noptional-fail "));
});

test("cases that failed alike are shown once, unless verbose", () => {
  const cases = ["a", "b", "c"].map((name) => makeCase({ ...fail, id: `${fail.id}/${name}` }));
  const other = makeCase({ ...fail, id: `${fail.id}/d`, message: "another message" });
  const text = terminalReport([makeReport([...cases, other])], plain);
  assert.is(text.match(/^fail /gm)?.length, 2);
  assert.match(text, "the same in 2 more cases: redirect.server.404/b, redirect.server.404/c");
  const verbose = terminalReport([makeReport([...cases, other])], { ...plain, verbose: true });
  assert.is(verbose.match(/^fail /gm)?.length, 4);
});

test("cases with a program that does not listen failed alike, whatever their ports and folders", () => {
  const cases = ["Aa1/1", "Aa1/22"].map((folder, i) => {
    const message =
      `py a.py /tmp/steelyard-${folder}/state 2000${i} exited with code 1 before it listened.`;
    return makeCase({ ...fail, id: `${fail.id}/${i}`, message });
  });
  const message = cases[0]!.message.replace("code 1", "code 2");
  const other = makeCase({ ...fail, id: `${fail.id}/other`, message });
  const text = terminalReport([makeReport([...cases, other])], plain);
  assert.is(text.match(/^fail /gm)?.length, 2);
  assert.match(text, "the same in 1 more case: redirect.server.404/1\n");
});

test("long evidence is cut with a word on where the rest is, unless verbose", () => {
  const actual = Array.from({ length: 30 }, (_, n) => `line ${n}`).join("\n") + "x".repeat(5000);
  const report = makeReport([makeCase({ ...fail, actual, expected: "z".repeat(5000) })]);
  const text = terminalReport([report], plain);
  assert.match(text, "    line 23\n    (6 more lines: --report markdown=FILE)\n");
  assert.not.match(text, "line 24");
  assert.match(text, `${"z".repeat(236)}... (4764 more)\n`);
  assert.match(terminalReport([report], { ...plain, verbose: true }), "line 29");
});

test("what the manifest lacks is named, other unsupported cases only when verbose", () => {
  const lacking = makeCase({ verdict: "unsupported", message: "lacks redirect.server.404" });
  const report = makeReport([lacking, EVERY_VERDICT.unsupported]);
  assert.match(
    terminalReport([report], plain),
    "unsupported (1 case)\n  redirect.server.404: lacks",
  );
  assert.match(
    terminalReport([report], { ...plain, verbose: true }),
    "redirect.server.head: not cl",
  );
});

test("colour is as asked, whatever the environment, and the setting is put back", () => {
  for (const enabled of [true, false]) {
    const before = $.enabled;
    $.enabled = enabled;
    assert.not.match(terminalReport([everyVerdict], plain), "\x1b");
    assert.match(terminalReport([everyVerdict], { ...plain, colour: true }), "\x1b[31m");
    assert.is($.enabled, enabled);
    $.enabled = before;
  }
});

test("without a terminal's width prose is wrapped at 80", () => {
  const message = "word ".repeat(60).trim();
  const text = terminalReport([makeReport([makeCase({ ...fail, message })])], {
    ...plain,
    columns: 0,
  });
  const prose = text.split("\n").filter((line) => line.startsWith("  word"));
  assert.is(prose.length, 4);
  assert.ok(prose.every(({ length }) => length <= 80));
});

test("hostile text never reaches the terminal unescaped", () => {
  const text = terminalReport([hostile], { ...plain, verbose: true });
  assert.not.match(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
  assert.match(text, "\\x1b[31m");
});

test.run();
