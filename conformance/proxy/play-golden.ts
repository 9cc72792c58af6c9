/** Plays a golden exchange on both sides of a proxy: its client, and the servers behind it. */
import { escapeMessage } from "../engine/bytes.ts";
import { fixture } from "../engine/fixtures.ts";
import { actualText, expectedText } from "../engine/golden/ask.ts";
import { expandMessage } from "../engine/golden/expand.ts";
import type { GoldenValues } from "../engine/golden/expand.ts";
import { mismatch } from "../engine/golden/match.ts";
import type { Golden, GoldenStep } from "../engine/golden/parse.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { askAnything, reach, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import { GoldenServers } from "./golden-servers.ts";

/** Starts servers and proxy, and goes through the exchange; throws a CaseFailure where it differs. */
export async function playGolden(context: CaseContext, golden: Golden): Promise<void> {
  const course = await startCourse(context);
  const [server, other] = course.servers.map(({ address }) => address) as [string, string];
  const values: GoldenValues = {
    texts: { host: course.proxy.address, server, other },
    servers: [server],
    file: fixture,
  };
  const servers = new GoldenServers(course, golden, values);
  const raw = golden.keys.raw !== undefined;
  const on = golden.keys.mode === "one-connection" ? await reach(course) : undefined;
  let message: Uint8Array = new Uint8Array();
  for (const step of golden.steps.filter(({ party }) => party === "")) {
    if (step.direction === "send") {
      message = expandMessage(step.alternatives[0]!, raw, values);
      servers.sent += escapeMessage(message);
      continue;
    }
    const answer = await askAnything(course, message, on ? { on } : {});
    if (servers.problem) throw servers.problem;
    judge(course, golden, servers, step, answer, values);
  }
}

/**
 * Against each outcome that is allowed. The first is the one in which the servers are asked; those
 * after `|||` are refusals, which need no server.
 */
function judge(
  { context }: Course,
  golden: Golden,
  servers: GoldenServers,
  step: GoldenStep,
  answer: ReceivedMessage,
  values: GoldenValues,
): void {
  const unasked = servers.unasked(step);
  const reasons: string[] = [];
  for (const [i, allowed] of step.alternatives.entries()) {
    const reason = i === 0 && unasked
      ? `the ${unasked.party} was never asked; ${described(answer)}`
      : mismatch(allowed, answer, values) ??
        (golden.keys.end === "known" ? endProblem(answer) : undefined);
    if (reason === undefined) return;
    reasons.push(reason);
  }
  const others = reasons.length > 1
    ? ` (and none of the ${reasons.length - 1} other outcomes allowed)`
    : "";
  const before = unasked
    ? `the ${unasked.party} gets\n${expectedText(unasked)}\n--- and then\n`
    : "";
  throw context.failure(reasons[0] + others, {
    sent: servers.sent,
    expected: before + expectedText(step),
    actual: `${actualText(answer)}\n--- the log:\n${context.log}`,
  });
}

function described({ startLine, problem }: ReceivedMessage): string {
  if (startLine === undefined) return problem ?? "no answer came";
  return `the answer is ${JSON.stringify(startLine.slice(0, 160))}`;
}

/** Undefined where a client can tell that it has all of the answer. */
export function endProblem({ end, problem }: ReceivedMessage): string | undefined {
  if (end === "silence") {
    return "the end of the answer cannot be told: no Content-Length, and the connection stayed open";
  }
  if (end !== "truncated") return undefined;
  return `the end of the answer never came: ${problem ?? "the connection was closed before"}`;
}
