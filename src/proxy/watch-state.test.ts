import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { execFileSync } from "node:child_process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runArguments, runtime } from "../net/mod.ts";
import { latch, within } from "../net/test-kit.ts";
import { keptLog, withFolder } from "../redirect/test-kit.ts";
import { readState, writeState } from "./state-file.ts";
import type { StateRead } from "./state-file.ts";
import { watchState, watchStateParts } from "./watch-state.ts";
import type { WatchStateParts } from "./watch-state.ts";

const test = suite("watch state");

/** Follows a state file of its own and keeps the addresses that it is told. */
class Following {
  readonly path: string;
  readonly told: string[] = [];
  readonly log = keptLog();
  readonly #parts: WatchStateParts;
  #close = () => {};
  #looks: (() => void)[] = [];

  constructor(path: string, parts: Partial<WatchStateParts> = {}) {
    this.path = path;
    this.#parts = { ...watchStateParts, ...parts };
  }

  start(): this {
    const { log } = this.log;
    const watch = watchState(
      this.path,
      (address) => {
        this.told.push(address);
        for (const look of this.#looks) look();
      },
      {
        log: (event, fields) => {
          log(event, fields);
          for (const look of this.#looks) look();
        },
      },
      this.#parts,
    );
    this.#close = () => watch.close();
    return this;
  }

  close(): void {
    this.#close();
  }

  async until(what: string, ready: () => boolean): Promise<void> {
    const { promise, open } = latch();
    const look = () => ready() && open();
    this.#looks.push(look);
    look();
    await within(`${what}; told: ${this.told.join(" ")}`, promise);
  }

  tells(address: string): Promise<void> {
    return this.until(address, () => this.told.at(-1) === address);
  }

  problems(): unknown[] {
    return this.log.events.filter(([event]) => event === "state-problem")
      .map(([, fields]) => fields.problem);
  }

  hasProblem(kind: string): Promise<void> {
    return this.until(kind, () => this.problems().at(-1) === kind);
  }
}

/** Runs with a state file that is followed as these parts do it. */
function following(
  before: string | undefined,
  run: (file: Following) => Promise<void> | void,
  parts?: Partial<WatchStateParts>,
): Promise<void> {
  return withFolder(async (folder) => {
    const file = new Following(join(folder, "state"), parts);
    if (before !== undefined) writeFileSync(file.path, before);
    file.start();
    try {
      await run(file);
    } finally {
      file.close();
    }
  });
}

for (const content of ["127.0.0.1:8001\n", "127.0.0.1:8001"]) {
  test(`${JSON.stringify(content)} is known at once`, () =>
    following(content, ({ told }) => assert.equal(told, ["127.0.0.1:8001"])));
}

/** The ways in which a system may tell, or not. */
const WAYS: readonly [string, Partial<WatchStateParts>][] = [
  ["with events", {}],
  ["without events", { watchFolder: () => () => {} }],
];

for (const [way, parts] of WAYS) {
  test(`${way}: a file that is replaced is followed`, () =>
    following("127.0.0.1:8001\n", async (file) => {
      writeState(file.path, "127.0.0.1:8002");
      await file.tells("127.0.0.1:8002");
      writeState(file.path, "server3");
      await file.tells("server3");
    }, parts));

  test(`${way}: a file that is rewritten in place without a line end is followed`, () =>
    following("127.0.0.1:8001\n", async (file) => {
      writeFileSync(file.path, "172.28.1.12");
      await file.tells("172.28.1.12");
    }, parts));

  test(`${way}: a file that comes later is found`, () =>
    following(undefined, async (file) => {
      assert.equal(file.told, []);
      assert.equal(file.problems(), ["missing"]);
      writeFileSync(file.path, "127.0.0.1\n");
      await file.tells("127.0.0.1");
    }, parts));

  test(`${way}: missing, empty and garbage keep the last address, logged once each`, () =>
    following("127.0.0.1\n", async (file) => {
      unlinkSync(file.path);
      await file.hasProblem("missing");
      writeFileSync(file.path, "127.0.");
      await file.hasProblem("garbage");
      writeFileSync(file.path, "");
      await file.hasProblem("empty");
      assert.equal(file.told, ["127.0.0.1"]);
      writeFileSync(file.path, "127.0.0.2\n");
      await file.tells("127.0.0.2");
    }, parts));
}

test("a folder that is made later, and made anew, is no trouble", () =>
  withFolder(async (folder) => {
    const file = new Following(join(folder, "later", "state")).start();
    try {
      mkdirSync(join(folder, "later"));
      writeState(file.path, "127.0.0.1");
      await file.tells("127.0.0.1");
      rmSync(join(folder, "later"), { recursive: true });
      await file.hasProblem("missing");
      mkdirSync(join(folder, "later"));
      writeState(file.path, "127.0.0.2");
      await file.tells("127.0.0.2");
    } finally {
      file.close();
    }
  }));

/** A file whose readings the test says, and a folder whose events it makes. */
function staged(...readings: string[]) {
  let event: (name: string | null) => void = () => {};
  const reading = (): StateRead => {
    const text = (readings.length > 1 ? readings.shift() : readings[0]) as string;
    if (text === "") return { problem: "empty", detail: "" };
    return { address: text.trim(), ended: text.endsWith("\n"), changedMs: 0 };
  };
  const parts: Partial<WatchStateParts> = {
    read: reading,
    watchFolder: (_, onEvent) => {
      event = onEvent;
      return () => {};
    },
  };
  return { parts, event: () => event("state") };
}

test("half an address is waited out", () => {
  const { parts, event } = staged("10.0.0.9\n", "10.0.0.1", "10.0.0.12\n");
  return following(undefined, async (file) => {
    event();
    await file.tells("10.0.0.12");
    assert.equal(file.told, ["10.0.0.9", "10.0.0.12"]);
  }, parts);
});

test("an address without a line end counts when it is read the same again", () => {
  const { parts, event } = staged("10.0.0.9\n", "10.0.0.1", "10.0.0.12", "10.0.0.12");
  return following(undefined, async (file) => {
    event();
    assert.equal(file.told, ["10.0.0.9"]);
    await file.tells("10.0.0.12");
    assert.equal(file.told, ["10.0.0.9", "10.0.0.12"]);
  }, parts);
});

test("an address that was emptied meanwhile does not count", () => {
  const { parts, event } = staged("10.0.0.9\n", "10.0.0.1", "", "10.0.0.8\n");
  return following(undefined, async (file) => {
    event();
    await file.tells("10.0.0.8");
    assert.equal(file.told, ["10.0.0.9", "10.0.0.8"]);
  }, parts);
});

test("the same address written again is not told again", () => {
  const { parts, event } = staged("10.0.0.9\n", "10.0.0.9\n", "10.0.0.9", "10.0.0.8\n");
  return following(undefined, async (file) => {
    for (let count = 0; count < 3; count++) event();
    await file.tells("10.0.0.8");
    assert.equal(file.told, ["10.0.0.9", "10.0.0.8"]);
  }, parts);
});

test("after a thousand replacements the last one is known, and nothing else ever was", () =>
  following("127.0.0.1:1\n", async (file) => {
    const listed = new Set<string>(["127.0.0.1:1"]);
    for (let port = 2; port <= 1000; port++) {
      listed.add(`127.0.0.1:${port}`);
      writeState(file.path, `127.0.0.1:${port}`);
      assert.is(readState(file.path).problem, undefined);
      if (port % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await file.tells("127.0.0.1:1000");
    assert.ok(file.told.every((address) => listed.has(address)));
    assert.equal(file.problems(), []);
  }));

test("a file that is moved in from beside is followed", () =>
  following("127.0.0.1\n", async (file) => {
    writeFileSync(`${file.path}.new`, "127.0.0.2\n");
    renameSync(`${file.path}.new`, file.path);
    await file.tells("127.0.0.2");
  }));

test("closing leaves nothing that keeps the program running", () =>
  withFolder((folder) => {
    writeFileSync(join(folder, "state"), "127.0.0.1");
    const module = fileURLToPath(new URL("watch-state.ts", import.meta.url));
    const program = join(folder, "program.ts");
    writeFileSync(
      program,
      `import { writeFileSync } from "node:fs";
       import { watchState } from ${JSON.stringify(module)};
       const path = process.argv[2];
       const watch = watchState(path, (address) => {
         console.log(address);
         if (address !== "127.0.0.2") return writeFileSync(path, "127.0.0.2");
         writeFileSync(path, "127.0.0.3");
         setImmediate(() => watch.close());
       }, { log() {} });`,
    );
    // It ends by itself, or is killed for having gone on.
    const output = execFileSync(
      process.execPath,
      [...runArguments(runtime), program, join(folder, "state")],
      { timeout: 20_000, killSignal: "SIGKILL", encoding: "utf8" },
    );
    assert.is(output, "127.0.0.1\n127.0.0.2\n");
  }));

test.run();
