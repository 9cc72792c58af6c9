import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ManualClock } from "../mdalp/manual-clock.ts";
import { randomSource } from "../redirect/mod.ts";
import { keptLog, withFolder } from "../redirect/test-kit.ts";
import { every } from "./every.ts";
import { pickText } from "./selector-text.ts";
import { selectorParts, startSelector } from "./selector.ts";
import type { Selection, SelectorKind, SelectorOptions } from "./selector.ts";
import { StateFileError } from "./state-file.ts";

const test = suite("selector");

const SERVERS = ["172.28.1.11", "172.28.1.12"];

/** A selector in a folder of its own, on a clock that the test moves. */
function selecting(
  kind: SelectorKind,
  run: (bench: ReturnType<typeof start>) => void,
  options: Partial<SelectorOptions> = {},
): Promise<void> {
  return withFolder((folder) => {
    const bench = start(kind, folder, options);
    run(bench);
    bench.close();
  });
}

function start(kind: SelectorKind, folder: string, options: Partial<SelectorOptions>) {
  const clock = new ManualClock();
  const kept = keptLog();
  const picks: Selection[] = [];
  const statePath = join(folder, "state");
  const selector = startSelector({
    kind,
    servers: SERVERS,
    statePath,
    random: randomSource(3),
    log: kept.log,
    onPick: (pick) => picks.push(pick),
    ...options,
  }, { ...selectorParts, schedule: (intervalMs, run) => every(intervalMs, run, clock) });
  const state = () => readFileSync(statePath, "utf8");
  return { clock, folder, picks, state, events: kept.events, close: () => selector.close() };
}

const addresses = (picks: readonly Selection[]) => picks.map(({ address }) => address);

test("history writes the first server at once and then takes turns, a second each", () =>
  selecting("history", ({ clock, picks, state }) => {
    const [first, second] = SERVERS;
    assert.is(state(), `${first}\n`);
    clock.pass(999);
    assert.is(picks.length, 1);
    clock.pass(1);
    assert.is(state(), `${second}\n`);
    clock.pass(3000);
    assert.equal(addresses(picks), [first, second, first, second, first]);
  }));

test("random writes every five seconds the server with the least load", () =>
  selecting("random", ({ clock, picks, state }) => {
    clock.pass(4999);
    assert.is(picks.length, 1);
    clock.pass(1);
    assert.is(picks.length, 2);
    clock.pass(5000 * 58);
    assert.is(picks.length, 60);
    for (const { address, loads = [] } of picks) {
      const [first = NaN, second = NaN] = loads;
      assert.is(address, SERVERS[first <= second ? 0 : 1]);
    }
    assert.is(new Set(addresses(picks)).size, 2);
    assert.is(state(), `${picks.at(-1)?.address}\n`);
  }));

test("the interval may be another", () =>
  selecting("history", ({ clock, picks }) => {
    clock.pass(1000);
    assert.is(picks.length, 5);
  }, { intervalMs: 250 }));

test("after the end nothing is written", () =>
  selecting("history", ({ clock, picks, close }) => {
    close();
    clock.pass(10_000);
    assert.is(picks.length, 1);
  }));

test("a first write that fails is thrown, with what to do", () =>
  withFolder((folder) => {
    try {
      start("history", folder, { statePath: join(folder, "none", "state") });
    } catch (error) {
      assert.instance(error, StateFileError);
      return assert.match((error as Error).message, "make it or give another --state");
    }
    throw new Error("it started");
  }));

test("a folder that goes away is told once, does not count, and is tried again", () =>
  selecting("history", ({ clock, folder, picks, events, state }) => {
    rmSync(folder, { recursive: true });
    clock.pass(3000);
    assert.equal(events.map(([event]) => event), ["not-written"]);
    assert.match(String(events[0]?.[1].reason), "its folder does not exist");
    mkdirSync(folder);
    clock.pass(2000);
    assert.equal(addresses(picks), [SERVERS[0], SERVERS[1], SERVERS[0]]);
    assert.is(state(), `${SERVERS[0]}\n`);
    assert.equal(events.map(([event]) => event), ["not-written", "writing-again"]);
  }));

test("prints what the lab's Bash selector prints", () => {
  assert.is(
    pickText(SERVERS, { address: "172.28.1.12", loads: [91, 9] }),
    "-----\nSimulated random server loads:\nServer 1 (172.28.1.11) load: 91\n" +
      "Server 2 (172.28.1.12) load: 9\nSelected server: 172.28.1.12\n",
  );
});

test("prints what the lab's Python selector prints", () => {
  assert.is(
    pickText(SERVERS, { address: "172.28.1.11" }),
    "----\nSelected server: 172.28.1.11\n----\n",
  );
});

test.run();
