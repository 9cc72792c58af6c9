/** Plays a golden exchange as the client of a program that listens. */
import { bytesOf, escapeBody, escapeMessage } from "../bytes.ts";
import type { CaseContext } from "../run/context.ts";
import { Connection } from "../wire/connection.ts";
import type { ReceivedMessage } from "../wire/received.ts";
import { expandMessage } from "./expand.ts";
import type { GoldenValues } from "./expand.ts";
import { mismatch } from "./match.ts";
import type { Golden, GoldenStep } from "./parse.ts";
import { sendPieces } from "./pieces.ts";
import type { Pieces } from "./pieces.ts";

/** How long an answer may take; a probe or two may come first. */
const ANSWER_MS = 15_000;
/** How long a second answer to one request is looked for. */
const ANOTHER_MS = 300;

export interface AskTarget {
  readonly host: string;
  readonly port: number;
}

/** Sends and receives step by step; throws a CaseFailure at the first answer that is not allowed. */
export async function askGolden(
  context: CaseContext,
  golden: Golden,
  target: AskTarget,
  values: GoldenValues,
): Promise<void> {
  const oneConnection = golden.keys.mode === "one-connection";
  const pieces = golden.keys.pieces as Pieces | undefined;
  const raw = golden.keys.raw !== undefined;
  let connection: Connection | undefined;
  const open: Connection[] = [];
  let sent = "";
  let method = "";
  try {
    for (const step of golden.steps) {
      if (step.direction === "send") {
        const message = expandMessage(step.alternatives[0]!, raw, values);
        if (!connection || !oneConnection) {
          connection = await reach(context, target, golden, message, sent);
          open.push(connection);
          sent = "";
        }
        sent += escapeMessage(message);
        method = message.toString("latin1", 0, 5);
        if (pieces) await sendWhole(connection, message, pieces, context, sent, step);
        else connection.send(message);
        continue;
      }
      const received = await (connection as Connection).read({
        deadlineMs: ANSWER_MS,
        bodiless: method.startsWith("HEAD "),
      });
      judge(context, step, received, sent, values);
      if (golden.keys.end === "known") judgeEnd(context, step, received, sent);
      // A body behind the answer to a HEAD would be taken for the next answer.
      if (pieces || method.startsWith("HEAD ")) {
        await noOther(context, connection as Connection, step, sent);
      }
    }
  } finally {
    for (const one of open) one.close();
  }
}

/** Long enough for the end of a program that has just crashed to be known. */
const EXIT_MS = 500;

async function reach(
  context: CaseContext,
  target: AskTarget,
  golden: Golden,
  message: Uint8Array,
  before: string,
): Promise<Connection> {
  try {
    return await Connection.open(target.host, target.port);
  } catch (error) {
    const ended = () => context.processes.find(({ exit }) => exit !== null);
    await context.log.waitFor(() => ended() !== undefined, EXIT_MS);
    const exit = ended()?.exit;
    const how = exit?.signal ? `was ended by ${exit.signal}` : `exited with code ${exit?.code}`;
    const reason = exit ? `the program ${how}` : (error as Error).message;
    const next = escapeMessage(message);
    throw context.failure(`it cannot be reached any more: ${reason}`, {
      sent: before === "" ? next : `${before}--- and after that, on a new connection\n${next}`,
      expected: `an answer: ${golden.title}`,
      actual: (error as Error).message,
    });
  }
}

/** All pieces, the last too; an answer before the last piece is a fault. */
async function sendWhole(
  connection: Connection,
  message: Uint8Array,
  pieces: Pieces,
  context: CaseContext,
  sent: string,
  step: GoldenStep,
): Promise<void> {
  // The last two bytes, the end of the empty line, are held back until an early answer was looked for.
  await sendPieces((piece) => connection.send(piece), message.subarray(0, -2), pieces);
  if (await connection.speaks(ANOTHER_MS)) {
    const early = await connection.read({ deadlineMs: 1000 });
    throw context.failure("it answered before the request had ended", {
      sent: `${sent}(in pieces; the last CR LF was not sent yet)`,
      expected: expectedText(step),
      actual: escapeMessage(early.raw) || "the connection was closed",
    });
  }
  connection.send(message.subarray(-2));
}

async function noOther(
  context: CaseContext,
  connection: Connection,
  step: GoldenStep,
  sent: string,
) {
  if (connection.closed || !await connection.speaks(ANOTHER_MS)) return;
  const other = await connection.read({ deadlineMs: ANOTHER_MS });
  if (other.raw.length === 0) return;
  throw context.failure("more came than one answer to one request", {
    sent,
    expected: `${expectedText(step)}\n(once)`,
    actual: escapeMessage(other.raw),
  });
}

/** The content may be right, and yet no client can know that it has all of it. */
function judgeEnd(
  context: CaseContext,
  step: GoldenStep,
  received: ReceivedMessage,
  sent: string,
): void {
  if (received.end !== "truncated" && received.end !== "silence") return;
  const why = received.end === "truncated"
    ? "the connection closed before the announced end (is Content-Length too large?)"
    : "no Content-Length, and the connection stayed open";
  throw context.failure(`the content came whole, but its end cannot be told: ${why}`, {
    sent,
    expected: `${expectedText(step)}\n(and an end that a client can tell)`,
    actual: actualText(received),
  });
}

export function judge(
  context: CaseContext,
  step: GoldenStep,
  received: ReceivedMessage,
  sent: string,
  values: GoldenValues,
): void {
  const reasons: string[] = [];
  for (const allowed of step.alternatives) {
    const reason = mismatch(allowed, received, values);
    if (reason === undefined) return;
    reasons.push(reason);
  }
  const others = reasons.length > 1
    ? ` (and none of the ${reasons.length - 1} other outcomes allowed)`
    : "";
  throw context.failure((reasons[0] as string) + others, {
    sent,
    expected: expectedText(step),
    actual: actualText(received),
  });
}

/** The allowed outcomes as they stand in the golden file. */
export function expectedText(step: GoldenStep): string {
  return step.alternatives.map(({ written }) => written.trimEnd()).join("\n--- or\n");
}

export function actualText(received: ReceivedMessage): string {
  if (received.raw.length === 0) return received.problem ?? "nothing came";
  const shown = received.raw.length > 8192
    ? `${escapeMessage(received.raw.subarray(0, 2048))}\n... ${received.raw.length} bytes in all`
    : escapeMessage(received.raw);
  const end = received.end === "silence"
    ? "\n(the connection stayed open and nothing more came)"
    : received.end === "truncated"
    ? "\n(the connection ended here)"
    : "";
  return shown + end;
}

export function plainText(text: string): string {
  return escapeBody(bytesOf(text));
}
