import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLog } from "../engine/event-log.ts";
import { StateFile } from "./state-file.ts";

function withFile(body: (state: StateFile, folder: string, log: EventLog) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-state-"));
  const log = new EventLog();
  try {
    body(new StateFile(join(folder, "selected_server"), log), folder, log);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a server is named by its address and a line feed, as echo writes it", () =>
  withFile((state) => {
    state.select("127.0.0.1:8001");
    assert.is(readFileSync(state.path, "latin1"), "127.0.0.1:8001\n");
    state.select("127.0.0.1:8002", { newline: false });
    assert.is(readFileSync(state.path, "latin1"), "127.0.0.1:8002");
  }));

test("by rename it is another file, in place the same, and nothing else is left", () =>
  withFile((state, folder) => {
    state.select("a:1");
    const first = statSync(state.path).ino;
    state.select("b:2", { how: "in-place" });
    assert.is(statSync(state.path).ino, first);
    state.select("c:3");
    assert.is.not(statSync(state.path).ino, first);
    assert.equal(readdirSync(folder), ["selected_server"]);
  }));

test("it is removed, twice too, and the log says what was written", () =>
  withFile((state, folder, log) => {
    state.write("no address", "in-place");
    state.remove();
    state.remove();
    assert.equal(readdirSync(folder), []);
    assert.match(String(log), 'the state file says "no address" (in-place)');
    assert.match(String(log), "the state file is removed");
  }));

test.run();
