/** Cases of rule proxy.proxy.no-smuggling: a row each. */
import type { Case } from "../engine/case.ts";
import { answerRows } from "./smuggling-answer-rows.ts";
import { chunkRows } from "./smuggling-chunk-rows.ts";
import { encodingRows } from "./smuggling-encoding-rows.ts";
import { flowRows } from "./smuggling-flow-rows.ts";
import { lengthRows } from "./smuggling-length-rows.ts";
import { lineRows } from "./smuggling-line-rows.ts";
import { playAnswer, playRequest } from "./smuggling-play.ts";
import type { RequestRow, Row } from "./smuggling-row.ts";

const RULE = "proxy.proxy.no-smuggling";

export const requestRows: readonly RequestRow[] = [
  ...lengthRows,
  ...encodingRows,
  ...chunkRows,
  ...lineRows,
  ...flowRows,
];

export { answerRows };

function caseOf({ variant, title }: Row, kind: string) {
  return {
    id: `${RULE}/${variant}`,
    rule: RULE,
    title: `${kind}: ${title}`,
    needs: ["proxy.proxy.forwards"],
  };
}

export const smugglingCases: readonly Case[] = [
  ...requestRows.map((row) => ({
    ...caseOf(row, "a request"),
    run: (context: Parameters<Case["run"]>[0]) => playRequest(context, row),
  })),
  ...answerRows.map((row) => ({
    ...caseOf(row, "an answer"),
    run: (context: Parameters<Case["run"]>[0]) => playAnswer(context, row),
  })),
];
