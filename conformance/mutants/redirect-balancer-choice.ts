/** Balancers that choose otherwise than one rule has it. */
import { drawPosition, rank } from "../../src/redirect/mod.ts";
import type { BalancerParts, Measured, Upstream } from "../../src/redirect/mod.ts";
import { balancer, bestOfFour } from "./redirect-balancer.ts";
import type { BalancerMutant } from "./types.ts";

const SHARES = "redirect.balancer.rank-shares";
const NO_SHARES = {
  [SHARES]: "shares of 1:2:3 are one way to favour the faster; who does not has not got them",
};

/** Whether the servers answer at once. */
function areInstant(measured: readonly Measured[]): boolean {
  return Math.min(...measured.map(({ elapsedMs }) => elapsedMs)) < 35;
}

/** Servers whose times fall into the same 100 ms have the same key, and the last one stays. */
function timesAsKeys(measured: readonly Measured[]): Upstream[] {
  if (areInstant(measured)) return rank(measured);
  const byTime = new Map(measured.map((one) => [Math.floor(one.elapsedMs / 100), one]));
  return rank([...byTime.values()]);
}

function firstOfEqual(): Partial<BalancerParts> {
  let equal = false;
  return {
    probe: bestOfFour(),
    rank(measured) {
      equal = measured.length > 2 && areInstant(measured);
      return rank(measured);
    },
    draw: (count, random) => equal ? 0 : drawPosition(count, random),
  };
}

/** Shares of 1:2:...:n, in the same order again and again. */
function cycle(order: (positions: number[]) => number[]) {
  return (): Partial<BalancerParts> => {
    let at = 0;
    return {
      draw(count) {
        const positions = Array.from(
          { length: count },
          (_, position) => Array<number>(position + 1).fill(position),
        ).flat();
        const all = order(positions);
        return all[at++ % all.length] as number;
      },
    };
  };
}

function spread(positions: number[]): number[] {
  const last = positions.at(-1) as number;
  return Array.from(
    { length: last + 1 },
    (_, lap) => positions.filter((p, i) => positions.indexOf(p) + lap === i),
  ).flat();
}

function squareShares(count: number, random: number): number {
  const total = count * (count + 1) * (2 * count + 1) / 6;
  let left = random * total;
  for (let position = 0; position < count; position++) {
    left -= (position + 1) ** 2;
    if (left < 0) return position;
  }
  return count - 1;
}

export const choiceMutants: readonly BalancerMutant[] = [
  balancer(
    "every-server",
    "times-as-keys",
    "keeps servers under their times in tenths of a second, so that one of equal ones stays",
    () => ({ probe: bestOfFour(), rank: timesAsKeys }),
  ),
  {
    ...balancer(
      "faster-gets-more",
      "even-shares",
      "draws evenly where there are three servers or more",
      () => ({
        draw: (count, random) =>
          count < 3 ? drawPosition(count, random) : Math.floor(random * count),
      }),
    ),
    related: NO_SHARES,
  },
  {
    ...balancer("faster-gets-more", "sorts-as-text", "sorts the times as text", () => ({
      rank: (measured) =>
        [...measured].sort((a, b) => `${a.elapsedMs}` < `${b.elapsedMs}` ? 1 : -1)
          .map(({ upstream }) => upstream),
    })),
    related: NO_SHARES,
  },
  balancer(
    "equal-times",
    "one-of-equal",
    "sends all clients to one server where three are too fast to tell apart",
    firstOfEqual,
  ),
  balancer("rank-shares", "square-shares", "gives shares of 1:4:9", () => ({ draw: squareShares })),
  balancer(
    "random-choice",
    "cycle",
    "goes round its servers, the slowest in every third lap",
    cycle(spread),
  ),
  balancer(
    "random-choice",
    "in-blocks",
    "sends one client to the slowest, two to the next, three to the fastest, and begins again",
    cycle((positions) => positions),
  ),
];
