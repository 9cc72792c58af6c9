/** Whether the figures can be trusted: what was checked, what is void, what is missing. */
import type { Results, RoundResult } from "../results.ts";
import { CUT } from "../run/round-result.ts";
import { voidLine } from "../run/void-rounds.ts";
import { bytesText } from "./numbers.ts";
import { plural } from "./text.ts";

/** How many bodies were checked, and whether all were right. */
export function verification({ workloads }: Results): string {
  const setUps = workloads.flatMap((one) => one.setUps).filter(({ bytes }) => bytes > 0);
  const bodies = setUps.reduce((sum, { requests }) => sum + requests, 0);
  const bytes = setUps.reduce((sum, one) => sum + one.bytes, 0);
  const wrong = workloads.flatMap((one) => one.setUps).flatMap(({ rounds }) => rounds)
    .filter(isWrong).length;
  const checked = bodies === 0
    ? "No body came to be checked"
    : `${plural(bodies, "body").replace("bodys", "bodies")}, ${
      bytesText(bytes)
    }, every byte checked`;
  if (wrong === 0) return `${checked}.`;
  const rounds = wrong === 1
    ? "In 1 round a body was wrong or short: it is"
    : `In ${wrong} rounds a body was wrong or short: they are`;
  return `${checked} in the rounds that count. ${rounds} void, and the run has failed.`;
}

function isWrong({ mismatch, failures }: RoundResult): boolean {
  return mismatch !== null || (failures[CUT] ?? 0) > 0;
}

export interface Trouble {
  readonly tone: "bad" | "warn";
  readonly text: string;
}

/** What is missing or void, a line for each set-up, then what lessens the trust in the figures. */
export function troublesOf(results: Results): Trouble[] {
  const { complete, incomplete, warnings, workloads } = results;
  const reasons = incomplete.length === 0 ? ["no reason was given"] : incomplete;
  const voided = workloads.flatMap(({ name, setUps }) =>
    setUps.flatMap((setUp) => voidLine(name, setUp) ?? [])
  );
  // A run tells in the same words what is void.
  const untold = voided.filter((line) => !incomplete.includes(line));
  return [
    ...(complete ? [] : reasons).map((text) => bad(`incomplete: ${text}`)),
    ...untold.map(bad),
    ...warnings.map((text): Trouble => ({ tone: "warn", text: `warning: ${text}` })),
  ];
}

function bad(text: string): Trouble {
  return { tone: "bad", text };
}
