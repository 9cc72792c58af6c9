/** The rounds of a set-up that count for nothing, told once. */
import type { RoundResult, SetUpResult } from "../results.ts";

/** With the first wrong body in full and how many more there were; undefined where every round counts. */
export function voidLine(
  workload: string,
  { id, rounds }: Pick<SetUpResult, "id" | "rounds">,
): string | undefined {
  const voided = rounds.filter((one) => one.void !== null);
  const [first] = voided;
  if (!first) return undefined;
  const wrong = voided.filter(({ mismatch }) => mismatch !== null);
  const why = wrong[0]?.mismatch ? mismatchText(wrong[0], wrong[0].mismatch) : first.void;
  const more = wrong.length > 1 ? `; a wrong body came in ${wrong.length - 1} more` : "";
  return `${workload} ${id}: ${countText(rounds, voided)} void: ${why}${more}`;
}

/** `the warm-up and 2 of 6 rounds are`; the warm-up, which is round 0, is none of the rounds. */
function countText(rounds: readonly RoundResult[], voided: readonly RoundResult[]): string {
  const measured = rounds.filter(({ round }) => round > 0).length;
  const count = voided.filter(({ round }) => round > 0).length;
  const isWarmUp = voided.length > count;
  const parts = [
    ...(isWarmUp ? ["the warm-up"] : []),
    ...(count > 0 ? [`${count} of ${measured} rounds`] : []),
  ];
  return `${parts.join(" and ")} ${voided.length > 1 ? "are" : "is"}`;
}

function mismatchText(
  { round }: RoundResult,
  { url, at, expectedBytes, expectedSha256, actualBytes, actualSha256 }: NonNullable<
    RoundResult["mismatch"]
  >,
): string {
  return `in ${roundName(round)} the body of ${url} was wrong${
    at === null ? "" : ` from byte ${at} on`
  }: ${actualBytes} bytes with SHA-256 ${actualSha256}, not ${expectedBytes} with ${expectedSha256}`;
}

/** Round 0 is the warm-up. */
export function roundName(round: number): string {
  return round === 0 ? "the warm-up" : `round ${round}`;
}
