/** Cases for the role selector: what it writes into its file, how, and when. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { CaseBlocked } from "../engine/verdict.ts";
import { startDenseReader } from "./dense-reader.ts";
import {
  INTERVAL_S,
  sentText,
  sequenceText,
  startSelector,
  watchRewrites,
} from "./selector-course.ts";
import type { Kind, SelectorCourse } from "./selector-course.ts";
import {
  atInterval,
  atIntervalOrLess,
  evenFault,
  gapsOf,
  incompleteReads,
  median,
  settledPicks,
} from "./selector-judges.ts";

const WAITS = { waits: true };

/** The manifest's usual command is one of its modes too, which has cases of its own. */
function sameAsMode(context: CaseContext, kind: Kind): string | undefined {
  const spec = roleOf(context.implementation, "selector");
  if (kind !== "run" || !spec) return undefined;
  const own = JSON.stringify(spec.run);
  const found = Object.entries(spec.modes ?? {}).find(([, mode]) => JSON.stringify(mode) === own);
  return found && `"run" is mode ${found[0]}, which is judged as such`;
}

async function writesListed(context: CaseContext, kind: Kind): Promise<string> {
  const same = sameAsMode(context, kind);
  if (same) return same;
  const course = await startSelector(context, kind, WAITS);
  const isWrong = () => course.watch.rewrites.some(({ index }) => index < 0);
  const budgetMs = Math.max(12_000, 9 * course.selector.intervalMs);
  const enough = { rewrites: 60, budgetMs, least: 4 };
  const rewrites = await watchRewrites(course, enough, isWrong);
  if (rewrites.length > 0 && !isWrong()) return `${rewrites.length} rewrites`;
  const wrong = rewrites.find(({ index }) => index < 0);
  const what = wrong
    ? `it wrote ${JSON.stringify(wrong.content.slice(0, 100))}, which is no listed server`
    : "it wrote no server into the file";
  throw selectorFailure(course, what, `one of ${course.listed.join(", ")}`);
}

const ATOMIC = "each read finds one server, whole:\n" +
  "it is written into another file, which is then renamed to this one";

/**
 * Each read takes some 5 us and follows the last at once; a writer that empties the file before it
 * fills it leaves it empty for 20 us and more.
 */
async function atomic(context: CaseContext, kind: Kind): Promise<string> {
  const same = sameAsMode(context, kind);
  if (same) return same;
  const course = await startSelector(context, kind, WAITS);
  const reader = await startDenseReader(context, course.path, course.selector.process.tree());
  const before = course.watch.rewrites.length;
  const enough = { rewrites: before + 200, budgetMs: 15_000, least: before + 5 };
  const rewrites = (await watchRewrites(course, enough)).slice(before);
  const read = await reader.stop();
  const counted = `${read.reads} reads during ${rewrites.length} rewrites`;
  const faults = incompleteReads(read, course.listed);
  if (faults.length > 0) {
    const what = `of ${counted}, ${faults[0]}`;
    throw selectorFailure(course, what, ATOMIC, faults.join("\n"));
  }
  if (read.reads >= 10_000) return counted;
  throw new CaseBlocked(`only ${counted}: too few to say anything`);
}

/** Besides these there is the first write, which may be a start, and the last, which may be a step. */
const GAPS = { random: 2, history: 5, run: 0 } as const;
/** One that writes only what changes has had no gap of one interval after so many once in 1000 times. */
const MOST_GAPS = 12;
/** And then it may be quiet for many intervals. */
const QUIET_MS = { random: 30_000, history: 0, run: 0 } as const;

async function interval(context: CaseContext, kind: Kind): Promise<string> {
  const course = await startSelector(context, kind, { waits: false });
  const wantedS = INTERVAL_S[kind];
  const settled = () => settledPicks(course.watch.rewrites, course.watch.briefMs);
  const told = () =>
    kind === "random"
      ? atIntervalOrLess(settled(), wantedS)
      : atInterval(gapsOf(settled()), wantedS);
  const isSeen = () => course.watch.rewrites.length >= GAPS[kind] + 3 && told() !== undefined;
  const most = { rewrites: MOST_GAPS, budgetMs: Infinity, least: 0, quietMs: QUIET_MS[kind] };
  await watchRewrites(course, most, isSeen);
  const gapsS = gapsOf(settled());
  if (gapsS.length < GAPS[kind]) throw tooFew(course, GAPS[kind] + 1);
  const all = gapsS.map((gap) => gap.toFixed(2)).join(", ");
  if (told()) return `${all} s`;
  const what = `it rewrites the file every ${median(gapsS).toFixed(2)} s`;
  throw selectorFailure(course, what, `a rewrite every ${wantedS} s`, `${all} s between`);
}

/** Of two servers with equal chances, or the published 0.505 and 0.495: 2 * 0.505^60. */
const ALL_THE_SAME = 3.2e-18;
const BOTH = 60;

async function randomBoth(context: CaseContext): Promise<string> {
  const course = await startSelector(context, "random", WAITS);
  const picks = () => settledPicks(course.watch.rewrites, course.watch.briefMs);
  const both = () => new Set(picks().map(({ index }) => index)).size > 1;
  const enough = { rewrites: BOTH + 2, budgetMs: Infinity, least: 0 };
  await watchRewrites(course, enough, both);
  const count = picks().length;
  if (both()) return `both within ${count} rewrites`;
  if (count < BOTH) throw tooFew(course, BOTH);
  throw selectorFailure(
    course,
    `it picked one server ${count} times`,
    "both servers (drawn with equal loads, one is missed with probability 3e-18)",
  );
}

async function historyEven(context: CaseContext): Promise<string> {
  const course = await startSelector(context, "history", WAITS);
  const fault = () => evenFault(course.watch.rewrites, course.watch.briefMs);
  const enough = { rewrites: 60, budgetMs: 12_000, least: 6 };
  const rewrites = await watchRewrites(course, enough, () => fault() !== undefined);
  const found = fault();
  if (found) throw selectorFailure(course, found, "A B A B ...: the one picked less often");
  if (rewrites.length >= enough.least) return `${rewrites.length} rewrites in turn`;
  throw tooFew(course, enough.least);
}

function tooFew(course: SelectorCourse, needed: number) {
  const what = `it rewrote its file ${course.watch.rewrites.length} times and then no more`;
  return selectorFailure(course, what, `a rewrite at each interval, ${needed} of them at least`);
}

function selectorFailure(course: SelectorCourse, message: string, expected: string, actual = "") {
  const { context, watch } = course;
  const parts = [actual, sequenceText(course, watch.rewrites), `--- the log:\n${context.log}`];
  return context.failure(message, {
    sent: sentText(course),
    expected,
    actual: parts.filter(Boolean).join("\n"),
  });
}

const KINDS: readonly Kind[] = ["run", "random", "history"];
const CALLED: Readonly<Record<Kind, string>> = {
  run: "The selector",
  random: "The random selector",
  history: "The history selector",
};

const LISTED = "proxy.selector.writes-listed";
const INTERVAL = "proxy.selector.interval";
/** Sixty rewrites of 5 s each, and a busy machine. */
const LIMIT_MS = 420_000;

export const selectorCases: readonly Case[] = [
  ...KINDS.map((kind): Case => ({
    id: `${LISTED}/${kind}`,
    rule: LISTED,
    title: `${CALLED[kind]} writes nothing but listed servers`,
    waits: true,
    limitMs: LIMIT_MS,
    run: (context) => writesListed(context, kind),
  })),
  ...KINDS.map((kind): Case => ({
    id: `proxy.selector.atomic/${kind}`,
    rule: "proxy.selector.atomic",
    title: `${CALLED[kind]} leaves its file neither empty nor in part`,
    needs: [LISTED],
    // No `waits`: what is seen under a warped clock needs no straight one, how a file is written is the same.
    slow: true,
    limitMs: LIMIT_MS,
    run: (context) => atomic(context, kind),
  })),
  ...(["random", "history"] as const).map((kind): Case => ({
    id: `${INTERVAL}/${kind}`,
    rule: INTERVAL,
    title: `${CALLED[kind]} rewrites its file every ${INTERVAL_S[kind]} s`,
    needs: [LISTED],
    slow: true,
    timed: true,
    limitMs: LIMIT_MS,
    run: (context) => interval(context, kind),
  })),
  {
    id: "proxy.selector.random-both",
    rule: "proxy.selector.random-both",
    title: "The random selector picks both servers within 60 rewrites",
    needs: [LISTED, INTERVAL],
    waits: true,
    falseAlarm: ALL_THE_SAME,
    limitMs: LIMIT_MS,
    run: randomBoth,
  },
  {
    id: "proxy.selector.history-even",
    rule: "proxy.selector.history-even",
    title: "The history selector picks its servers in turn, the first first",
    needs: [LISTED, INTERVAL],
    waits: true,
    limitMs: LIMIT_MS,
    run: historyEven,
  },
];
