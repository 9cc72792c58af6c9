import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RoleSpec } from "../engine/manifest/mod.ts";
import { implementation, withFolder } from "../engine/run/test-kit.ts";
import { CaseContext } from "../engine/run/context.ts";
import { boxedTmp, PortPool } from "../engine/process/mod.ts";
import { statePathFor, takesState, turnFor } from "./state-path.ts";

const FIXED: RoleSpec = { run: ["python3", "proxy.py"] };
const TOLD: RoleSpec = { run: ["python3", "proxy.py", "{state}"] };

let serial = 0;

/** A context of a case with this proxy; the test ends it. */
function contextOf(
  folder: string,
  proxy: RoleSpec,
  isolation: "bwrap" | "none" = "none",
): CaseContext {
  const roles = { proxy } as never;
  return new CaseContext(
    "made.up/case",
    join(folder, `case-${++serial}`),
    `test-state-path-${serial}`,
    { warp: false, fast: false, seed: 1, timeoutMs: 60_000 },
    {
      implementation: implementation({ roles }),
      isolation,
      ports: new PortPool(),
      listened: new Set(),
      silent: new Map(),
    },
  );
}

test("a role takes the path from its command, a mode, a variable or a file", () => {
  assert.not(takesState(FIXED));
  assert.ok(takesState(TOLD));
  assert.ok(takesState({ ...FIXED, env: { STATE: "{state}" } }));
  assert.ok(takesState({ ...FIXED, modes: { history: ["python3", "x.py", "{state}"] } }));
  assert.ok(takesState({ ...FIXED, files: { "config.json": '{"file": {state:json}}' } }));
  assert.not(takesState({ ...FIXED, files: { "config.txt": "state" } }));
});

test("a program that is told the path has one in its case's folder", () =>
  withFolder({}, async (folder) => {
    const context = contextOf(folder, TOLD);
    try {
      const path = statePathFor(context, ["proxy"], join(folder, "lab"));
      assert.ok(path.startsWith(context.folder));
      assert.ok(existsSync(dirname(path)));
      assert.not(existsSync(path));
    } finally {
      await context.end();
    }
  }));

test("a program that is not told has the lab's, and what was there comes back", () =>
  withFolder({ lab: "mine\n" }, async (folder) => {
    const lab = join(folder, "lab");
    const context = contextOf(folder, FIXED);
    assert.is(statePathFor(context, ["proxy"], lab), lab);
    assert.not(existsSync(lab));
    writeFileSync(lab, "127.0.0.1:1\n");
    await context.end();
    assert.is(readFileSync(lab, "utf8"), "mine\n");
  }));

test("where nothing was, nothing is left", () =>
  withFolder({}, async (folder) => {
    const lab = join(folder, "lab");
    const context = contextOf(folder, FIXED);
    statePathFor(context, ["proxy"], lab);
    writeFileSync(lab, "127.0.0.1:1\n");
    await context.end();
    assert.not(existsSync(lab));
  }));

test("a link that leads nowhere comes back as it was", () =>
  withFolder({}, async (folder) => {
    const lab = join(folder, "lab");
    symlinkSync("nowhere", lab);
    const context = contextOf(folder, FIXED);
    statePathFor(context, ["proxy"], lab);
    assert.is(lstatSync(lab, { throwIfNoEntry: false }), undefined);
    await context.end();
    assert.is(readlinkSync(lab), "nowhere");
  }));

test("a program in a box finds the file in the /tmp of its case, and the lab's stays", () =>
  withFolder({ lab: "mine\n" }, async (folder) => {
    const lab = join(folder, "lab");
    const context = contextOf(folder, FIXED, "bwrap");
    try {
      const path = statePathFor(context, ["proxy"], lab);
      assert.is(path, join(boxedTmp(context.folder), "lab"));
      assert.ok(existsSync(dirname(path)));
      assert.is(readFileSync(lab, "utf8"), "mine\n");
    } finally {
      await context.end();
    }
  }));

test("cases that share the lab's path take turns, those with their own do not wait", async () => {
  const fixed = implementation({ roles: { proxy: FIXED } as never });
  const told = implementation({ roles: { proxy: TOLD } as never });
  const half = implementation({ roles: { proxy: TOLD, selector: FIXED } as never });
  assert.is(turnFor(told), undefined);
  const order: string[] = [];
  const leaveFirst = await turnFor(fixed)!;
  const second = turnFor(fixed)!.then((leave) => {
    order.push("second");
    leave();
  });
  const third = turnFor(half)!.then((leave) => {
    order.push("third");
    leave();
  });
  await new Promise((done) => setImmediate(done));
  order.push("first ends");
  leaveFirst();
  await Promise.all([second, third]);
  assert.equal(order, ["first ends", "second", "third"]);
});

test.run();
