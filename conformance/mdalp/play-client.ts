/**
 * Plays a golden trace to a client: each party goes through its own steps in their order. A datagram
 * that was there before is a retransmission and does no harm; when a party has no steps left it does
 * what its kind does, so that the client can come to its end.
 */
import type { Buffer } from "node:buffer";
import type { TraceGolden } from "../engine/golden/parse-trace.ts";
import type { TracePattern } from "../engine/golden/trace-pattern.ts";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { ClientActor } from "./client-actor.ts";
import type { Problem } from "./client-actor.ts";
import {
  endText,
  LETTERS,
  ORCHESTRATOR_HOST,
  receiverHost,
  startClient,
  textPayload,
  watchedEnd,
} from "./course.ts";
import { readable } from "./readable-trace.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";
import type { TraceValues } from "./trace-values.ts";

const CLIENT_MS = 85_000;
/** What is next may have become another thing meanwhile, with a limit of its own. */
const LOOK_AGAIN_MS = 500;
/** For one that was given a plan to refuse to use the next, or to end. */
const REFUSAL_MS = 4000;
const INTENT_RULE = "mdalp.client.intent/";
const DEFAULT_LATENCY_MS = 20;

/** Judges what a golden's keys say beside its steps; undefined where the client still runs. */
export type JudgeEnd = (play: ClientPlay, ended: Ended | undefined) => void;

export interface ClientPlay {
  readonly context: CaseContext;
  readonly golden: TraceGolden;
  readonly values: TraceValues;
  readonly payload: Buffer;
  /** Payloads that arrived, by SEQ. */
  readonly arrived: ReadonlyMap<number, Buffer>;
  /** The TIDs of data packets that arrived. */
  readonly tids: ReadonlySet<number>;
  readonly marker: string;
}

export async function playClient(
  context: CaseContext,
  golden: TraceGolden,
  judgeEnd: JudgeEnd,
): Promise<void> {
  const stage = openStage(context);
  const letters = lettersOf(golden);
  const payload = textPayload(Number(golden.keys.payload ?? 250));
  const marker = `${context.folder}/code-ran.txt`;
  const values: TraceValues = { texts: textsOf(stage, letters, payload, marker), tid: undefined };
  const arrived = new Map<number, Buffer>();
  const tids = new Set<number>();
  let problem: Problem | undefined;
  let broken: Error | undefined;
  const actors = new Map<string, ClientActor>();
  for (const [name, host] of hostsOf(letters)) {
    const steps = golden.steps.filter((step) => step.party === name);
    const actor = new ClientActor(context, name, steps, values, {
      arrived,
      tids,
      anyIntent: !golden.keys.id?.startsWith(INTENT_RULE),
      actor: (other) => actors.get(other),
      fail: (found) => problem ??= found,
      breaks: (error) => broken ??= error,
    });
    actors.set(name, actor);
    await actor.open(stage, host);
  }
  const { ended } = startClient(context, stage, {
    payload,
    latenciesMs: letters.map(() => Number(golden.keys.latency ?? DEFAULT_LATENCY_MS)),
    limitMs: CLIENT_MS,
  });
  const watched = watchedEnd(context, ended);
  const all = [...actors.values()];
  let doneMs: number | undefined;
  const decided = () => {
    if (problem || broken || watched.end() || watched.broken()) return true;
    if (!all.every((actor) => actor.done)) return false;
    doneMs ??= performance.now();
    // One that goes on waiting for a plan it can use has refused as well.
    if (golden.keys.refused) return tids.size > 0 || performance.now() - doneMs > REFUSAL_MS;
    return !golden.keys.delivered;
  };
  while (!decided()) {
    const limitMs = Math.min(...all.map((actor) => actor.leftMs()), LOOK_AGAIN_MS);
    await watched.until(decided, limitMs);
    for (const actor of all) actor.checkLate(watched.end());
  }
  const end = watched.end();
  for (const actor of all) actor.checkLate(end);
  if (broken ?? watched.broken()) throw broken ?? watched.broken();
  if (problem) throw failure(context, golden, values, problem, end);
  judgeEnd({ context, golden, values, payload, arrived, tids, marker }, end);
}

function failure(
  context: CaseContext,
  golden: TraceGolden,
  values: TraceValues,
  problem: Problem,
  end: Ended | undefined,
) {
  const sent = golden.steps.filter(({ direction }) => direction === "send")
    .map(({ party, from = party, alternatives, times }) =>
      `${from} sends ${readable(alternatives[0] as TracePattern, values)}` +
      (times > 1 ? `, ${times} times` : "")
    );
  return context.failure(problem.message, {
    sent: `started the client; in the exchange\n${sent.join("\n")}`,
    expected: problem.expected,
    actual: [problem.actual, end && endText(end), `--- the log:\n${context.log}`].filter(Boolean)
      .join("\n"),
  });
}

/** The receivers that the golden speaks of, in the order of the alphabet. */
function lettersOf({ steps }: TraceGolden): string[] {
  const names = new Set(steps.flatMap(({ party, from, alternatives }) => [
    party,
    from,
    ...alternatives.flat().map((part) => typeof part === "string" ? undefined : part.matcher),
  ]));
  const highest = [...LETTERS].findLastIndex((letter) => names.has(letter));
  return [...LETTERS].slice(0, highest + 1);
}

function hostsOf(letters: readonly string[]): [string, number][] {
  return [
    ["orchestrator", ORCHESTRATOR_HOST],
    ...letters.map((letter, i) => [letter, receiverHost(i)] as [string, number]),
  ];
}

function textsOf(stage: Stage, letters: readonly string[], payload: Buffer, marker: string) {
  const texts: Record<string, string> = { marker };
  for (const [name, host] of hostsOf(letters)) texts[name] = stage.at(host).host;
  for (let i = 0; i * 100 < payload.length; i++) {
    texts[`part ${i}`] = payload.toString("latin1", i * 100, (i + 1) * 100);
  }
  return texts;
}
