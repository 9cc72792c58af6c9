/** How a transaction ended. Source: the results page of the published servers, in spec/mdalp. */
import { LEAST_SHARE } from "./split.ts";

export const RESULTS = {
  completed: "Transaction completed!",
  violation: "Transaction failed! Complete data but load balancing violation!",
  both: "Transaction failed! Load balancing violation and incomplete data!",
  incomplete: "Transaction failed! Incomplete data!",
} as const;

export type Result = typeof RESULTS[keyof typeof RESULTS];

/** With fewer packets a tenth is less than one, and any split will do. */
const LEAST_PACKETS = 10;

/**
 * Whether the shares break the rule: one receiver with everything, or one with under a tenth of the
 * packets, rounded down. In packets, since the last one may be short through no choice of the client.
 */
export function violatesBalance(shares: readonly { readonly packets: number }[]): boolean {
  if (shares.length < 2) return false;
  const packets = shares.reduce((sum, share) => sum + share.packets, 0);
  if (packets < LEAST_PACKETS) return false;
  const least = Math.floor(packets * LEAST_SHARE);
  return shares.some((share) => share.packets === packets || share.packets < least);
}

export function resultOf(complete: boolean, violation: boolean): Result {
  if (complete) return violation ? RESULTS.violation : RESULTS.completed;
  return violation ? RESULTS.both : RESULTS.incomplete;
}
