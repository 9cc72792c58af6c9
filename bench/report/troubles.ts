/** Whether the figures can be trusted: what was checked, what is void, what is missing. */
import type { Results, RoundResult, WorkloadResult } from "../results.ts";
import { bytesText } from "./numbers.ts";
import { plural } from "./text.ts";

/** How many bodies were checked, and whether all were right. */
export function verification({ workloads }: Results): string {
  const setUps = workloads.flatMap((one) => one.setUps).filter(({ bytes }) => bytes > 0);
  const bodies = setUps.reduce((sum, { requests }) => sum + requests, 0);
  const bytes = setUps.reduce((sum, one) => sum + one.bytes, 0);
  const wrong = workloads.flatMap((one) => one.setUps).flatMap(({ rounds }) => rounds)
    .filter(({ mismatch }) => mismatch !== null).length;
  const checked = bodies === 0
    ? "No body came to be checked"
    : `${plural(bodies, "body").replace("bodys", "bodies")}, ${
      bytesText(bytes)
    }, all SHA-256 checked`;
  if (wrong === 0) return `${checked}.`;
  const rounds = wrong === 1
    ? "In 1 round a body was wrong: it is"
    : `In ${wrong} rounds a body was wrong: they are`;
  return `${checked} in the rounds that count. ${rounds} void, and the run has failed.`;
}

const VOID_AT_MOST = 10;

/** The rounds that count for nothing, and why; of many the first ones. */
export function voidRounds(workload: WorkloadResult): string[] {
  const all = everyVoidRound(workload);
  const more = all.length - VOID_AT_MOST;
  return more <= 0
    ? all
    : [...all.slice(0, VOID_AT_MOST), `${workload.name}: ${plural(more, "more void round")}`];
}

function everyVoidRound(workload: WorkloadResult): string[] {
  return workload.setUps.flatMap(({ id, rounds }) =>
    rounds.flatMap((round) => {
      if (round.void === null) return [];
      const { mismatch } = round;
      const detail = mismatch === null ? "" : ` (${mismatchText(mismatch)})`;
      return [`${workload.name} ${id}, round ${round.round} is void: ${round.void}${detail}`];
    })
  );
}

/** That the run is not whole, and why, a line each; none where it is. */
export function incompleteLines({ complete, incomplete }: Results): string[] {
  if (complete) return [];
  const reasons = incomplete.length === 0 ? ["no reason was given"] : incomplete;
  return reasons.map((reason) => `incomplete: ${reason}`);
}

function mismatchText(mismatch: NonNullable<RoundResult["mismatch"]>): string {
  const { url, at, expectedBytes, expectedSha256, actualBytes, actualSha256 } = mismatch;
  const where = at === null ? "" : `, and differ from byte ${at} on`;
  return `${url}: ${actualBytes} bytes of SHA-256 ${actualSha256.slice(0, 12)}… came instead of ` +
    `${expectedBytes} of ${expectedSha256.slice(0, 12)}…${where}`;
}
