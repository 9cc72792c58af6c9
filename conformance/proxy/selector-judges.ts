/** What rewrites and reads of the state file say of a selector: the judgement without the watching. */
import type { DenseReads } from "./dense-reader.ts";
import { indexOf } from "./state-watch.ts";
import type { Rewrite } from "./state-watch.ts";

/** NaN of no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/**
 * Without those that lasted for a moment only: the published script writes its first server before
 * its first draw. Nothing is said of the last, which may be such a one.
 */
export function settledPicks(rewrites: readonly Rewrite[], briefMs: number): Rewrite[] {
  return rewrites.filter(({ atMs }, i) => {
    const next = rewrites[i + 1];
    return next !== undefined && next.atMs - atMs >= briefMs;
  });
}

/** Seconds between the rewrites. */
export function gapsOf(rewrites: readonly Rewrite[]): number[] {
  return rewrites.slice(1).map(({ atMs }, i) => (atMs - rewrites[i]!.atMs) / 1000);
}

/** By the real clock. A busy machine delays a rewrite, and hastens none but after a delay. */
const LEAST_OF_INTERVAL = 0.75;
const MOST_OF_INTERVAL = 1.5;

/** Whether the usual gap is the interval, in seconds. */
export function atInterval(gaps: readonly number[], wantedS: number): boolean {
  const share = median(gaps) / wantedS;
  return share >= LEAST_OF_INTERVAL && share <= MOST_OF_INTERVAL;
}

/**
 * The same of a random selector, which may write only what changes: then no two rewrites name the same
 * server, and a gap may be of several intervals. Undefined where no gap has shown yet which it is.
 */
export function atIntervalOrLess(rewrites: readonly Rewrite[], wantedS: number) {
  const gaps = gapsOf(rewrites);
  if (atInterval(gaps, wantedS)) return true;
  const again = rewrites.some(({ index }, i) => index === rewrites[i - 1]?.index);
  if (again || gaps.some((gap) => gap < LEAST_OF_INTERVAL * wantedS)) return false;
  return gaps.some((gap) => atInterval([gap], wantedS)) ? true : undefined;
}

/**
 * What is not even about a sequence of picks; undefined for nothing. Picking the one that was picked
 * less often, and the first on a tie, takes them in turn. Where a rewrite may have been missed, the
 * turn may be anyone's.
 *
 * @param briefMs A first write that lasted shorter may be the first server as a start, or a pick.
 */
export function evenFault(rewrites: readonly Rewrite[], briefMs: number): string | undefined {
  const [first, second] = rewrites;
  const fault = turnFault(rewrites);
  const startsBriefly = first && second && second.atMs - first.atMs < briefMs;
  return fault && startsBriefly ? turnFault(rewrites.slice(1)) : fault;
}

function turnFault(rewrites: readonly Rewrite[]): string | undefined {
  const [first] = rewrites;
  if (first && !first.afterGap && first.index === 1) return "its first pick is the second server";
  const again = rewrites.findIndex(({ index, afterGap }, i) =>
    i > 0 && !afterGap && index === rewrites[i - 1]!.index
  );
  return again < 0
    ? undefined
    : `rewrites ${again} and ${again + 1} name the same server, so its count is 2 ahead`;
}

/** What a reader found beside listed servers, a line each, the most frequent first. */
export function incompleteReads(
  { contents, vanished }: DenseReads,
  listed: readonly string[],
): string[] {
  const faults = Object.entries(contents).filter(([text]) => indexOf(listed, text) < 0).map(
    ([text, count]) =>
      [text.trim() === "" ? "an empty file" : JSON.stringify(text), count] as const,
  );
  if (vanished > 0) faults.push(["no file", vanished]);
  faults.sort((a, b) => b[1] - a[1]);
  return faults.map(([what, count]) => `${count} found ${what}`);
}
