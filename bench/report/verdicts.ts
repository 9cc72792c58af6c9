/** What won in each group of a workload, for all formats. */
import type { WorkloadResult } from "../results.ts";
import { groupVerdict, verdictSentence } from "../run/verdict.ts";
import type { GroupVerdict } from "../run/verdict.ts";
import { groupsOf } from "./figures.ts";

/** In the order of the groups, one for each. */
export function verdictsOf(workload: WorkloadResult): GroupVerdict[] {
  return groupsOf(workload).map(({ title, setUps }) =>
    groupVerdict(title, setUps, workload.comparisons)
  );
}

/** A sentence for each group of which something can be said; else the workload's own. */
export function sentencesOf(workload: WorkloadResult): string[] {
  const sentences = verdictsOf(workload).map(verdictSentence).filter((one) => one !== "");
  return sentences.length === 0 ? [workload.sentence] : sentences;
}
