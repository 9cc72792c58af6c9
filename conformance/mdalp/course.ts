/** A client under test on a stage: what all cases of the client share. */
import { Buffer } from "node:buffer";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { PORT } from "./network.ts";
import type { Stage } from "./stage.ts";
import { writeStandInPing } from "./stand-in-ping.ts";
import type { StandInPing } from "./stand-in-ping.ts";

/** Names of receivers, in plan order. */
export const LETTERS = "abcdefghij";

/** The orchestrator's host on the stage; receivers follow. */
export const ORCHESTRATOR_HOST = 1;

/** The client's own, for programs that want one. */
const CLIENT_HOST = 250;

export function receiverHost(index: number): number {
  return ORCHESTRATOR_HOST + 1 + index;
}

export interface ClientStart {
  readonly payload: Uint8Array;
  /** What ping says of each receiver, in milliseconds. */
  readonly latenciesMs: readonly number[];
  readonly limitMs: number;
  /** The manifest's mode; undefined for its usual command. */
  readonly mode?: string;
  /** The receiver of mode `single`, from 1. */
  readonly id?: number;
  /** The client has to wait for minutes by itself. */
  readonly waits?: boolean;
}

export interface ClientCourse {
  readonly ping: StandInPing;
  readonly ended: Promise<Ended>;
}

/** Starts the client; the parties that it talks to must be there before. */
export function startClient(context: CaseContext, stage: Stage, start: ClientStart): ClientCourse {
  const { latenciesMs, payload, limitMs } = start;
  const latencies = new Map(
    latenciesMs.map((ms, i) => [stage.at(receiverHost(i)).host, ms] as const),
  );
  latencies.set(stage.at(ORCHESTRATOR_HOST).host, 10);
  const ping = writeStandInPing(context.folder, latencies);
  const ended = context.runToEnd(
    "client",
    {
      orchestrator: stage.at(ORCHESTRATOR_HOST).host,
      host: stage.at(CLIENT_HOST).host,
      port: PORT,
      id: start.id ?? 1,
      seed: context.attempt.seed,
    },
    limitMs,
    {
      tools: ping.folder,
      payload: { name: PAYLOAD_NAME, bytes: payload },
      ...(start.mode === undefined ? {} : { mode: start.mode }),
      ...(start.waits ? { waits: true } : {}),
    },
  );
  const checked = ended.then(throughOwnPort);
  // A case may be decided before the client has ended.
  checked.catch(() => {});
  return { ping, ended: checked };
}

const PORT_IN_USE = /EADDRINUSE|address (?:is )?already in use|address in use|Errno 98\b/i;

/**
 * A client that binds a port of its own meets the suite's stand-ins there, or itself in another case:
 * that is no fault of the client. The case is tried once more with nothing beside it.
 */
function throughOwnPort(ended: Ended): Ended {
  if (ended.exitCode === 0 || !PORT_IN_USE.test(ended.output)) return ended;
  throw new Error(
    `the client bound a port that was taken: the suite's own parties hold UDP port ${PORT}, ` +
      `other cases of this run perhaps its port; it printed: ${ended.output.trim().slice(-300)}`,
  );
}

const PAYLOAD_NAME = "payload.txt";

/** The client's end while a case waits for something else; one that cannot be started rejects. */
export function watchedEnd(context: CaseContext, ended: Promise<Ended>) {
  let end: Ended | undefined;
  let broken: Error | undefined;
  ended.then((found) => {
    end = found;
    context.log.add("suite", "the client has ended");
  }, (error) => {
    broken = error;
    context.log.changed();
  });
  return {
    end: () => end,
    broken: () => broken,
    /** Until the condition holds, the client has ended, or time is up. */
    async until(condition: () => boolean, limitMs: number): Promise<void> {
      await context.log.waitFor(() => condition() || Boolean(end ?? broken), limitMs);
      if (broken) throw broken;
    },
  };
}

/** How it ended and what it printed, for evidence. */
export function endText(ended: Ended): string {
  const how = !ended.endedInTime
    ? "it had not ended and was killed"
    : ended.exitCode === null
    ? "it was ended by a signal"
    : `exit code ${ended.exitCode}`;
  return `${how}; it printed:\n${ended.output.trim().slice(-2000) || "nothing"}`;
}

const WORDS =
  "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua"
    .split(" ");
const LETTERS_BEYOND_ASCII = ["na\u00efve", "\u65e5\u672c\u8a9e", "\u03bb\u03cc\u03b3\u03bf\u03c2"];

/**
 * Text of so many bytes, the same each time, with tabs, blanks and line feeds, one at its end. Every
 * line differs, so that no two packets are alike. No CR: reading a file as text may change that, and
 * the rule for every byte value is another.
 */
export function textPayload(bytes: number, kind: "ascii" | "utf-8" = "ascii"): Buffer {
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; length < bytes; i++) {
    const odd = kind === "utf-8" && i % 3 === 0 ? `${LETTERS_BEYOND_ASCII[i % 9 / 3]} ` : "";
    const part = `${i}${i % 5 === 4 ? "\t" : " "}${WORDS[i % WORDS.length]} ${odd}${
      i % 8 === 7 ? "\n" : ""
    }`;
    parts.push(part);
    length += Buffer.byteLength(part);
  }
  const text = Buffer.from(parts.join(""));
  return fittedTo(text, bytes);
}

/** Cut where no character is halved, and filled up. */
function fittedTo(text: Buffer, bytes: number): Buffer {
  let end = bytes;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
  const fitted = Buffer.concat([text.subarray(0, end), Buffer.alloc(bytes - end, ".")]);
  // A file's last line ends too; a character of several bytes is left whole.
  if (bytes > 1 && (fitted.at(-1) as number) < 0x80) fitted[bytes - 1] = 10;
  return fitted;
}

/** Every byte value in every place of a packet's hundred, NUL and semicolons among them. */
export function binaryPayload(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 167 + (i >> 8)) & 0xff));
}

/** The payload that packets make in SEQ order; undefined where one is missing. */
export function assembled(packets: ReadonlyMap<number, Buffer>): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let seq = 0; seq < packets.size; seq++) {
    const part = packets.get(seq);
    if (!part) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
