import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { latch, within } from "../../net/test-kit.ts";
import { withFolder } from "../../redirect/test-kit.ts";
import { writeState } from "../state-file.ts";
import { file } from "./file.ts";
import { bench } from "./test-kit.ts";

test("file picks the server of the state file, listed or not, usable or not", () =>
  withFolder(async (folder) => {
    const statePath = join(folder, "state");
    const context = bench(2);
    const followed = latch();
    const log = (event: string, fields: object = {}) => {
      if (event === "state" && "address" in fields && fields.address === "new") followed.open();
    };
    writeState(statePath, "b:1");
    const strategy = file({ ...context, statePath, log });
    try {
      assert.is(strategy.pick(context.listed), context.listed[1]);
      assert.is(strategy.pick([]), context.listed[1]);
      writeState(statePath, "new");
      await within("the new server", followed.promise);
      assert.is(strategy.pick(context.listed)?.name, "new:80");
      assert.is(context.table.all().length, 3);
    } finally {
      strategy.close?.();
    }
  }));

test("file picks none while the state file is missing", () =>
  withFolder((folder) => {
    const context = bench(2);
    const strategy = file({ ...context, statePath: join(folder, "none") });
    assert.is(strategy.pick(context.listed), undefined);
    strategy.close?.();
  }));

test.run();
