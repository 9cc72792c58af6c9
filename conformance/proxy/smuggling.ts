/** Cases of rule proxy.proxy.no-smuggling: a family of rows each. */
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { CaseFailure } from "../engine/verdict.ts";
import { restartProxy, startCourse } from "./course.ts";
import { answerFamilies } from "./smuggling-answer-rows.ts";
import { chunkFamilies } from "./smuggling-chunk-rows.ts";
import { encodingFamilies } from "./smuggling-encoding-rows.ts";
import { flowFamilies } from "./smuggling-flow-rows.ts";
import { lengthFamilies } from "./smuggling-length-rows.ts";
import { lineFamilies } from "./smuggling-line-rows.ts";
import { playRow } from "./smuggling-play.ts";
import type { AnswerRow, Family, RequestRow } from "./smuggling-row.ts";

const RULE = "proxy.proxy.no-smuggling";

/** Of a proxy that lets everything through, so many rows say enough. */
const MOST_FAILURES = 3;

const requestFamilies: readonly Family<RequestRow>[] = [
  ...lengthFamilies,
  ...encodingFamilies,
  ...chunkFamilies,
  ...lineFamilies,
  ...flowFamilies,
];

export const requestRows = requestFamilies.flatMap(({ rows }) => rows);
export const answerRows = answerFamilies.flatMap(({ rows }) => rows);

/**
 * Plays the rows one after the other. One that fails is played again, on a proxy that is started for
 * it: only then it counts, so that no row answers for what another did.
 */
export async function playFamily(
  context: CaseContext,
  { rows, alone }: Family<RequestRow | AnswerRow>,
): Promise<string> {
  const failures: { readonly title: string; readonly error: CaseFailure }[] = [];
  let course = await startCourse(context, { servers: 1 });
  let fresh = true;
  let left = rows.length;
  for (const row of rows) {
    if (failures.length === MOST_FAILURES) break;
    left--;
    if (alone && !fresh) course = await restartProxy(course);
    const first = await playRow(course, row);
    const certain = fresh || alone === true;
    fresh = false;
    if (!first) continue;
    if (!certain) course = await restartProxy(course);
    const failure = certain ? first : await playRow(course, row);
    if (failure) failures.push({ title: row.title, error: failure });
    // Whatever this row has left behind, the next one begins without it.
    course = await restartProxy(course);
    fresh = true;
  }
  const [worst, ...others] = failures;
  if (!worst) return `${rows.length} messages`;
  const more = others.map(({ title }) => `.\nAlso: ${title}`).join("");
  const rest = left > 0 ? `.\n${left} more messages of this case were not sent` : "";
  throw new CaseFailure(worst.error.message + more + rest, worst.error.evidence);
}

function casesOf(families: readonly Family<RequestRow | AnswerRow>[], kind: string): Case[] {
  return families.map((family) => ({
    id: `${RULE}/${family.name}`,
    rule: RULE,
    title: `${family.title} (${family.rows.length} ${kind})`,
    needs: ["proxy.proxy.forwards"],
    slow: true,
    limitMs: 90_000,
    run: (context) => playFamily(context, family),
  }));
}

export const smugglingCases: readonly Case[] = [
  ...casesOf(requestFamilies, "requests"),
  ...casesOf(answerFamilies, "answers"),
];
