/** `record` as a function: from a request to the text of a golden. */
import type { Rule } from "../engine/case.ts";
import { parseGolden } from "../engine/golden/parse.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { checkFit } from "./fit.ts";
import { inferMessage } from "./infer.ts";
import { recordTwice } from "./twice.ts";
import type { Pair } from "./twice.ts";

export interface RecordRequest {
  /** The rule's id, or `RULE/VARIANT`. */
  readonly id: string;
  readonly rule: Rule;
  readonly title: string;
  /** What is sent, as the lines of a `>>>` block. */
  readonly lines: readonly string[];
  /** Also fields that say nothing of the rule: Server, Date and the like. */
  readonly allFields: boolean;
}

/** The stand-in servers that a balancer is recorded with. */
const SERVERS = 2;

/** Where the suite looks for a golden, below `golden/SYSTEM/ROLE/`. */
export function goldenFileName(id: string): string {
  return `${id.split(".").slice(2).join(".").replace("/", ".")}.http`;
}

/**
 * The text of a golden that parses and fits both recordings. Throws a RecordError, a GoldenError
 * for a request that cannot be written down, or a CaseFailure where the program does not listen.
 */
export async function recordGolden(
  implementation: Implementation,
  request: RecordRequest,
): Promise<string> {
  const path = goldenFileName(request.id);
  // What comes is not known yet: a close stands for it, so that the sent part can be read.
  const draft = parseGolden(path, goldenText(request, ["{{close}}"]));
  const pairs = await recordTwice(implementation, draft);
  const written = goldenText(request, inferMessage(pairs[0] as Pair, request.allFields));
  checkFit(parseGolden(path, written), pairs);
  return written;
}

function goldenText({ id, rule, title, lines }: RecordRequest, answer: readonly string[]): string {
  const keys = [
    `id: ${id}`,
    `level: ${rule.level}`,
    `role: ${rule.role}`,
    `source: ${rule.source}`,
  ];
  if (rule.role === "balancer") keys.push(`servers: ${SERVERS}`);
  return [
    `### ${title}`,
    ...keys.map((key) => `# ${key}`),
    "",
    ">>>",
    ...lines,
    "<<<",
    ...answer,
    "",
  ].join("\n");
}
