/**
 * What somebody probably meant: the nearest of the known names.
 */
import { show } from "./manifest-error.ts";

/** Longer names are not worth comparing, and would cost time quadratic in their length. */
const LONGEST = 120;

/**
 * Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours
 * ("rnu" is one from "run").
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + differs,
      );
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, beforePrevious[column - 2]! + 1);
      }
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** Rule and case ids: one without its system and role, or with or without its variant. */
function isPartOf(name: string, id: string): boolean {
  return id.endsWith(`.${name}`) || id.startsWith(`${name}/`) || name.startsWith(`${id}/`);
}

/** The known name nearest to `name`, if one is near enough to be a slip (a third of its letters). */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  const bound = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = bound + 1;
  for (const candidate of known) {
    // The difference in length is a lower bound of the distance.
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  if (best !== undefined) return best;
  for (const candidate of known) if (isPartOf(name, candidate)) return candidate;
  return undefined;
}

/** The end of a message about an unknown name: the near miss, else what there is. */
export function suggestion(name: string, known: readonly string[], allOfThem: string): string {
  const near = nearest(name, known);
  return near === undefined ? allOfThem : `did you mean ${show(near)}?`;
}
