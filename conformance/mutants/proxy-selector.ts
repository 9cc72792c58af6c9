/** Selectors that break one rule. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { selectorParts, writeState } from "../../src/proxy/mod.ts";
import type { Choose, SelectorParts } from "../../src/proxy/mod.ts";
import type { SelectingMutant } from "./types.ts";

/**
 * Told its interval: under a clock that runs faster each failure would have to be confirmed by the
 * straight one, which takes minutes. In cases that wait it is a second, in others the kind's own.
 */
const args = ["--interval", "{interval}"];

function selector(
  rule: string,
  name: string,
  what: string,
  parts: () => Partial<SelectorParts>,
  why?: SelectingMutant["related"],
): SelectingMutant {
  return {
    system: "proxy",
    role: "selector",
    name: `proxy-selector-${name}`,
    breaks: `proxy.selector.${rule}`,
    what,
    parts,
    args,
    ...(why ? { related: why } : {}),
  };
}

type Write = SelectorParts["write"];

const writing = (write: Write) => () => ({ write });

/** Every so often another address. */
const erring = (every: number, err: (address: string) => string) => (): { write: Write } => {
  let count = 0;
  return {
    write: (path, address) => writeState(path, ++count % every === 0 ? err(address) : address),
  };
};

/** Changes how both kinds choose. */
const choosing = (change: Partial<SelectorParts["choose"]>) => () => ({
  choose: { ...selectorParts.choose, ...change },
});

const waitingFor = (factor: number) => (): Partial<SelectorParts> => ({
  schedule: (intervalMs, run) => selectorParts.schedule(factor * intervalMs, run),
});

/** Two runs half an interval apart, and no more for the rest of so many intervals. */
const PAIR_EVERY = 4;

const inPairs: SelectorParts["schedule"] = (intervalMs, run) => {
  let second: ReturnType<typeof setTimeout>;
  const runSoon = () => void (second = setTimeout(run, intervalMs / 2));
  runSoon();
  const stop = selectorParts.schedule(PAIR_EVERY * intervalMs, () => {
    run();
    runSoon();
  });
  return () => {
    stop();
    clearTimeout(second);
  };
};

/** Time for a reader between two steps of a write. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** As `open(path, "w")` and `write` in a script. */
function inPlace(path: string, address: string): void {
  const descriptor = openSync(path, "w");
  writeSync(descriptor, `${address}\n`);
  closeSync(descriptor);
}

function inParts(path: string, address: string): void {
  const descriptor = openSync(path, "w");
  const half = address.length >> 1;
  writeSync(descriptor, address.slice(0, half));
  pause(1);
  writeSync(descriptor, `${address.slice(half)}\n`);
  closeSync(descriptor);
}

function removesFirst(path: string, address: string): void {
  rmSync(path, { force: true });
  pause(1);
  writeState(path, address);
}

const least = (picks: readonly number[]) => Math.min(...picks);
const lastOfLeast: Choose = (picks) => ({ index: picks.lastIndexOf(least(picks)) });
const anyAtRandom: Choose = (picks, random) => ({ index: Math.floor(random() * picks.length) });
const always = (index: number): Choose => () => ({ index });
const sum = (picks: readonly number[]) => picks.reduce((total, picked) => total + picked, 0);
const twoEach: Choose = (picks) => ({ index: (sum(picks) >> 1) % picks.length });
const TURNS = 5;
/** In turn, but for the last of so many. */
const slipping: Choose = (picks, random) =>
  sum(picks) % TURNS === TURNS - 1
    ? { index: picks.indexOf(Math.max(...picks)) }
    : selectorParts.choose.history(picks, random);

export const selectorMutants: readonly SelectingMutant[] = [
  selector(
    "writes-listed",
    "writes-unlisted",
    "writes a server every fourth time that is not listed",
    erring(4, () => "127.0.0.1:1"),
  ),
  selector(
    "writes-listed",
    "port-off-by-one",
    "writes the next port every third time",
    erring(3, (address) => address.replace(/\d+$/, (port) => String(Number(port) + 1))),
  ),
  selector(
    "writes-listed",
    "label",
    "writes a word before the address",
    writing((path, address) => writeState(path, `Selected: ${address}`)),
  ),
  selector(
    "atomic",
    "writes-in-place",
    "empties the file and then writes it",
    writing(inPlace),
  ),
  selector("atomic", "writes-in-parts", "writes the file in two steps", writing(inParts)),
  selector("atomic", "removes-first", "removes the file and puts a new one", writing(removesFirst)),
  selector("interval", "half", "rewrites the file twice as often", waitingFor(0.5)),
  selector("interval", "double", "rewrites the file half as often", waitingFor(2)),
  selector("interval", "once", "writes the file once", () => ({
    schedule: (intervalMs) => selectorParts.schedule(intervalMs, () => {}),
  })),
  selector(
    "interval",
    "in-pairs",
    "writes only what changes, twice within half an interval and then not for three and a half",
    // In turn, so that each write is a change: one that writes nothing else may leave intervals out.
    () => ({
      schedule: inPairs,
      choose: { ...selectorParts.choose, random: selectorParts.choose.history },
    }),
  ),
  selector(
    "random-both",
    "first-only",
    "random: picks the first server each time",
    choosing({ random: always(0) }),
  ),
  selector(
    "random-both",
    "last-only",
    "random: picks the last server each time",
    choosing({ random: (picks) => ({ index: picks.length - 1 }) }),
  ),
  selector(
    "history-even",
    "second-on-tie",
    "history: picks the second server on a tie",
    choosing({ history: lastOfLeast }),
  ),
  selector(
    "history-even",
    "history-at-random",
    "history: picks at random",
    choosing({ history: anyAtRandom }),
  ),
  selector(
    "history-even",
    "two-each",
    "history: picks each server twice in a row",
    choosing({ history: twoEach }),
  ),
  selector(
    "history-even",
    "history-slips",
    "history: picks the same server again every fifth time",
    choosing({ history: slipping }),
  ),
];
