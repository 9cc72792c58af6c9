import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../../src/net/mod.ts";
import { failureOf, within } from "../../src/net/test-kit.ts";
import { Lifetime, ProgramError } from "../lifetime.ts";
import { startWorker } from "./lines.ts";

interface Context {
  life: Lifetime;
}

const test = suite<Context>("processes that are told by lines");
const START_MS = 30_000;

test.before.each((context) => {
  context.life = new Lifetime("ignore");
});
test.after.each(({ life }) => life.end());

test("calls are answered each with its own result, whatever ends first", async ({ life }) => {
  const worker = startWorker(life, runtime, "file-server");
  const never = failureOf(worker.call("end", null));
  const order = { root: life.folder, name: "a", baseMs: 0, bytesPerSecond: 1e9 };
  const started = within("the start", worker.call<{ port: number }>("start", order), START_MS);
  assert.ok((await started).port > 0);
  assert.is(await worker.call("pace", order), null);
  process.kill(worker.pid, "SIGKILL");
  assert.match((await within("the end", never)).message, "SIGKILL");
});

test("a service that fails or is not there rejects its call alone", async ({ life }) => {
  const worker = startWorker(life, runtime, "mdalp");
  const [unknown, ended, ready] = await within(
    "the answers",
    Promise.all([
      failureOf(worker.call("sing", null)),
      failureOf(worker.call("end", { id: 7 })),
      worker.call("ready", null),
    ]),
    START_MS,
  );
  assert.instance(unknown, ProgramError);
  assert.is(unknown.message, `mdalp on ${runtime}: no service sing`);
  assert.match(ended.message, "no transfer 7 is served");
  assert.is(ready, true);
});

test("one that is closed ends, and refuses what comes after", async ({ life }) => {
  const worker = startWorker(life, runtime, "spin-server");
  const waiting = failureOf(worker.call("start", null));
  worker.close();
  await within("the end", waiting, START_MS);
  const later = await within("the refusal", failureOf(worker.call("start", null)));
  assert.match(later.message, "ended by itself");
});

/** A worker that is another program. */
function startAs(life: Lifetime, script: string) {
  const other = {
    start: (_: readonly string[], failed: (error: Error) => void) =>
      life.start(["sh", "-c", script], failed),
  };
  return startWorker(other as Lifetime, runtime, "load");
}

for (const line of ["warning: a word of advice", "null", "\x1b[31m"]) {
  test(`a line ${JSON.stringify(line)} that is no answer fails every call`, async ({ life }) => {
    const worker = startAs(life, `read asked; printf '%s\\n' '${line}'; cat`);
    const failed = await within("the failure", failureOf(worker.call("run", null)));
    const expected = `load on ${runtime} wrote ${JSON.stringify(line)}, which is no answer`;
    assert.is(failed.message, expected);
    assert.is((await failureOf(worker.call("run", null))).message, expected);
  });
}

test.run();
