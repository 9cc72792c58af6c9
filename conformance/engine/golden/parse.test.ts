import { test } from "uvu";
import * as assert from "uvu/assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package.ts";
import { loadGoldens } from "./load.ts";
import { GoldenError, parseGolden } from "./parse.ts";

const HEAD = "### A title\n# id: a.b.c\n\n";

function errorOf(text: string): string {
  try {
    parseGolden("golden/x.http", text);
  } catch (error) {
    assert.instance(error, GoldenError);
    return (error as Error).message;
  }
  throw new Error("it was parsed");
}

test("every golden of the redirect system parses, says what it is for and holds a step", () => {
  const system = join(packageRoot, "golden", "redirect");
  let count = 0;
  for (const role of readdirSync(system)) {
    const goldens = loadGoldens("redirect", role);
    const files = readdirSync(join(system, role)).filter((name) => name.endsWith(".http"));
    assert.is(goldens.length, files.length, role);
    for (const { path, title, keys, steps } of goldens) {
      count++;
      assert.is(keys.role, role, path);
      assert.match(keys.id ?? "", new RegExp(`^redirect\\.${role}\\.[a-z0-9-]+(/[a-z0-9.-]+)?$`));
      assert.match(keys.level ?? "", /^(MUST|SHOULD|MAY)$/, path);
      assert.ok(keys.source, path);
      assert.ok(title.length > 10, path);
      assert.ok(steps.some(({ direction }) => direction === "receive"), path);
    }
  }
  assert.ok(count >= 40, `${count} goldens`);
});

test("a file is a title, keys and steps with their lines", () => {
  const golden = parseGolden(
    "x.http",
    `${HEAD}# error\n>>>\nGET / HTTP/1.1\nHost: a\n\n<<< server\nHTTP/1.1 200 OK\n\nbody\nmore\n`,
  );
  assert.is(golden.title, "A title");
  assert.equal(golden.keys, { id: "a.b.c", error: "yes" });
  assert.equal(golden.steps.map(({ direction, party, line }) => ({ direction, party, line })), [
    { direction: "send", party: "", line: 5 },
    { direction: "receive", party: "server", line: 9 },
  ]);
  const [sent, received] = golden.steps.map((step) => step.alternatives[0]!);
  assert.equal(sent?.head, ["GET / HTTP/1.1", "Host: a"]);
  assert.is(sent?.body, "");
  assert.equal(received?.head, ["HTTP/1.1 200 OK"]);
  assert.is(received?.body, "body\nmore");
});

/** What stands between two markers, and what it means. */
const MESSAGES:
  readonly (readonly [string, string, { head: string[]; body: string | undefined }])[] = [
    ["a head without an empty line leaves the body open", "A\nB: c\n", {
      head: ["A", "B: c"],
      body: undefined,
    }],
    ["an empty line ends the head", "A\n\n", { head: ["A"], body: "" }],
    ["a last empty line is a line's end in the body", "A\n\nb\n\n", { head: ["A"], body: "b\n" }],
    ["escapes become bytes in head and body", "A\\x00\n\n\\xff\\\\\n", {
      head: ["A\0"],
      body: "\xff\\",
    }],
    ["what looks like a key is text inside a message", "A\n\n# id: x\n", {
      head: ["A"],
      body: "# id: x",
    }],
    ["a longer arrow is text", "A\n\n>>>>\n", { head: ["A"], body: ">>>>" }],
  ];

for (const [name, text, { head, body }] of MESSAGES) {
  test(name, () => {
    const message = parseGolden("x.http", `${HEAD}<<<\n${text}`).steps[0]!.alternatives[0]!;
    assert.equal(message.head, head);
    assert.is(message.body, body);
  });
}

test("a raw file's messages are taken as they stand", () => {
  const text = `${HEAD}# raw\n>>>\nGET /\\x0d\n\nX\n<<<\nHTTP/1.1 400 {{any}}\n`;
  const [sent, received] = parseGolden("x.http", text).steps;
  assert.equal(sent!.alternatives[0]!.head, ["GET /\r\n\nX"]);
  assert.equal(received!.alternatives[0]!.head, ["HTTP/1.1 400 {{any}}"]);
});

test("alternatives follow what may be received", () => {
  const { steps } = parseGolden("x.http", `${HEAD}<<<\nA\n|||\nB\n|||\nC\n>>>\nD\n`);
  assert.equal(steps.map(({ alternatives }) => alternatives.map(({ head }) => head[0])), [
    ["A", "B", "C"],
    ["D"],
  ]);
});

test("errors name the path, the line and what to write", () => {
  assert.is(errorOf("# id: x\n"), "golden/x.http:1: the first line is not `### ` and a title");
  assert.is(
    errorOf("### A\n# id: a\nHost: a\n>>>\nA\n"),
    "golden/x.http:3: not `# key: value`; messages begin after `>>>` or `<<<`",
  );
  assert.match(
    errorOf("### A\n\n# levle: MUST\n>>>\nA\n"),
    /^golden\/x\.http:3: unknown key "levle"; there is id, level, role/,
  );
  assert.is(errorOf("### A\n# id: a\n"), "golden/x.http:2: no `>>>` or `<<<` in it");
  assert.is(errorOf("### A\n>>>\nA\n|||\nB\n"), "golden/x.http:4: `|||` stands only after `<<<`");
  assert.match(errorOf("### A\n>>>\nA\n<<<\nB\\q\n"), /^golden\/x\.http:4: "\\\\q" is no escape/);
  assert.is(errorOf(""), "golden/x.http:1: the first line is not `### ` and a title");
});

test.run();
