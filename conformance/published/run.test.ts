import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { executable, packageRoot } from "../engine/package.ts";
import type { Report } from "../report/mod.ts";
import { skipLine } from "../testing.ts";
import { MINIATURE } from "./miniature.ts";

const test = suite<{ folder: string }>("runner of the published scripts");
const REPORT = join(packageRoot, "..", "shared", "seeds", "proxy-lab.txt");
const RUN = join(packageRoot, "conformance", "published", "run.ts");

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Temporary folders go below `folder`, so that one that is left can be seen. */
function start(folder: string, args: readonly string[]) {
  const child = spawn(executable("node"), [RUN, ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output += text);
  }
  const ended = new Promise<{ code: number | null; output: string }>((done) =>
    child.once("close", (code) => done({ code, output }))
  );
  return { child, ended };
}

test("a document that cannot be read is wrong usage", async ({ folder }) => {
  const { code, output } = await start(folder, [join(folder, "none.txt")]).ended;
  assert.is(code, 2);
  assert.match(output, /cannot read ".*none\.txt": ENOENT/);
});

test("another document is refused before anything is started", async ({ folder }) => {
  const other = join(folder, "other.txt");
  writeFileSync(other, MINIATURE.replace("send response", "send_response"));
  const { code, output } = await start(folder, [other]).ended;
  assert.is(code, 2);
  assert.match(output, "this is not the document of the lab as it is known here: proxy.py: ");
  assert.equal(readdirSync(folder), ["other.txt"]);
});

test("help is given without a document", async ({ folder }) => {
  const { code, output } = await start(folder, ["--help"]).ended;
  assert.is(code, 0);
  assert.match(output, "run.ts DOCUMENT [--demo]");
});

if (existsSync(REPORT)) {
  test("the published proxy passes requests on, and follows redirects", async ({ folder }) => {
    const file = join(folder, "report.json");
    const only = ["proxy.proxy.forwards/root", "proxy.proxy.redirect-through/301"];
    const options = only.flatMap((id) => ["--only", id]);
    const run = start(folder, [REPORT, ...options, "--report", `json=${file}`]);
    const { code, output } = await run.ended;
    // What it misses is a SHOULD.
    assert.is(code, 0, output);
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as Report;
    assert.equal(cases.map(({ rule, verdict }) => [rule, verdict]), [
      ["proxy.proxy.forwards", "pass"],
      ["proxy.proxy.redirect-through", "optional-fail"],
    ]);
    assert.equal(readdirSync(folder), ["report.json"]);
  });

  test("stopped, it ends what it started and leaves nothing", async ({ folder }) => {
    const run = start(folder, [REPORT, "--only", "proxy.selector.interval/random"]);
    await new Promise<void>((done) => {
      run.child.stderr.on("data", (text: string) => text.includes("with requests") && done());
    });
    run.child.kill("SIGINT");
    const { code, output } = await run.ended;
    assert.is(code, 3, output);
    assert.equal(readdirSync(folder), []);
  });
} else {
  console.log(skipLine("the published proxy under test", "../shared/seeds"));
}

test.run();
