/** How the lab's two selectors choose, in the selector role as well as in the proxy. */

export interface Choice {
  /** Its place in the list. */
  readonly index: number;
  /** The loads it was chosen by, for those that draw some. */
  readonly loads?: readonly number[];
}

/** Chooses by how often each server was chosen before, and by numbers in [0, 1). */
export type Choose = (picks: readonly number[], random: () => number) => Choice;

/** The largest load; the least is 0. */
const MOST_LOAD = 100;

/** Draws a load for each server; the least loaded, the first of these on a tie. */
export function byRandomLoad(picks: readonly number[], random: () => number): Choice {
  const loads = picks.map(() => Math.floor(random() * (MOST_LOAD + 1)));
  return { index: indexOfLeast(loads), loads };
}

/** The server that was chosen least often; the first of these on a tie. */
export function byHistory(picks: readonly number[]): Choice {
  return { index: indexOfLeast(picks) };
}

function indexOfLeast(numbers: readonly number[]): number {
  return numbers.indexOf(Math.min(...numbers));
}
