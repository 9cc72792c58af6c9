/**
 * Asks the orchestrator until a plan comes. Only the address that was asked is listened to; a plan that
 * cannot be read is told and waited past, since a good one may follow. Rules: mdalp.client.intent,
 * patient, intent-again, no-eval and garbage.
 */
import type { UdpAddress } from "../net/mod.ts";
import { TransferError } from "./transfer-error.ts";
import { MessageError } from "./message.ts";
import type { Message, Receiver } from "./message.ts";

export interface Plan {
  readonly tid: number;
  /** Each address once. */
  readonly receivers: readonly Receiver[];
}

export interface PlanRequest {
  readonly orchestrator: UdpAddress;
  /** Milliseconds after which the intent is sent again. */
  readonly intentAgainMs: number;
  /** Milliseconds until the wait is given up. */
  readonly planMs: number;
  readonly say: (text: string) => void;
  /** Sends an intent. */
  ask(): void;
  read(datagram: Uint8Array): Message;
  /** Sets who is told of the datagrams that come. */
  listen(listener: (datagram: Uint8Array, from: UdpAddress) => void): void;
  readonly signal: AbortSignal;
}

/** Rejects with a TransferError when none comes in time, or with the signal's reason. */
export function askForPlan(request: PlanRequest): Promise<Plan> {
  const { orchestrator, intentAgainMs, planMs, say, ask, read, listen, signal } = request;
  const place = `${orchestrator.host}:${orchestrator.port}`;
  let refused: string | undefined;
  let asked = 1;
  return new Promise((resolve, reject) => {
    const again = setInterval(() => {
      if (++asked === 2) {
        say(`no plan yet from ${place}; asking again every ${intentAgainMs / 1000} s`);
      }
      ask();
    }, intentAgainMs);
    const late = setTimeout(() => end(() => reject(noPlan(place, planMs, refused))), planMs);
    const aborted = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      clearInterval(again);
      clearTimeout(late);
      signal.removeEventListener("abort", aborted);
      listen(() => {});
      settle();
    };
    signal.addEventListener("abort", aborted);
    listen((datagram, from) => {
      if (from.host !== orchestrator.host || from.port !== orchestrator.port) return;
      const plan = planOf(datagram, read);
      if (!plan) return;
      if (typeof plan !== "string") return end(() => resolve(withoutRepeats(plan, say)));
      if (plan !== refused) say(`a plan was refused, and nothing of it was run: ${plan}`);
      refused = plan;
    });
    if (signal.aborted) return aborted();
    ask();
  });
}

/** The plan, or why what says that it is one was refused; undefined for anything else. */
function planOf(
  datagram: Uint8Array,
  read: (datagram: Uint8Array) => Message,
): Plan | string | undefined {
  try {
    const message = read(datagram);
    return message.type === "plan" ? message : undefined;
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    const start = new TextDecoder("latin1").decode(datagram.subarray(0, 7));
    return start === "Type:1;" ? printable(error.message) : undefined;
  }
}

/** What came from outside does not drive a terminal, nor fill it. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 160);
}

/** Two entries of one address are one receiver: it can have only one packet in flight. */
function withoutRepeats({ tid, receivers }: Plan, say: (text: string) => void): Plan {
  const once = receivers.filter(({ address }, i) =>
    receivers.findIndex((other) => other.address === address) === i
  );
  if (once.length < receivers.length) {
    say(`the plan names ${receivers.length - once.length} address(es) twice; each is used once`);
  }
  return { tid, receivers: once };
}

function noPlan(place: string, planMs: number, refused: string | undefined): TransferError {
  const within = `within ${planMs / 1000} s`;
  return refused === undefined
    ? new TransferError("no-plan", `no plan came from ${place} ${within}; see that it runs there`)
    : new TransferError(
      "bad-plan",
      `no plan that can be read came from ${place} ${within}; the last one was refused: ${refused}`,
    );
}
