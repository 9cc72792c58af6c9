/** Plays what a golden sends, and keeps what comes back without judging it. */
import { expandMessage } from "../engine/golden/expand.ts";
import type { Golden } from "../engine/golden/parse.ts";
import { sendPieces } from "../engine/golden/pieces.ts";
import type { Pieces } from "../engine/golden/pieces.ts";
import { Connection } from "../engine/wire/connection.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { RecordError } from "./error.ts";
import type { Target } from "./targets.ts";

/** How long an answer may take, as in the cases. */
const ANSWER_MS = 15_000;

/** An answer, and whether its kind of request forbids a body. */
export interface Played {
  readonly received: ReceivedMessage;
  readonly bodiless: boolean;
}

/** One answer for each `<<<`, in their order. Throws a RecordError where no connection is made. */
export async function playGolden(golden: Golden, { at, values }: Target): Promise<Played[]> {
  const oneConnection = golden.keys.mode === "one-connection";
  const pieces = golden.keys.pieces as Pieces | undefined;
  const open: Connection[] = [];
  const played: Played[] = [];
  let bodiless = false;
  try {
    for (const step of golden.steps) {
      if (step.direction === "receive") {
        const last = open.at(-1) as Connection;
        const received = await last.read({ deadlineMs: ANSWER_MS, bodiless });
        const status = received.status;
        played.push({ received, bodiless: bodiless || status === 204 || status === 304 });
        continue;
      }
      const message = expandMessage(step.alternatives[0]!, golden.keys.raw !== undefined, values);
      if (open.length === 0 || !oneConnection) open.push(await reach(at.host, at.port));
      const connection = open.at(-1) as Connection;
      bodiless = message.toString("latin1", 0, 5) === "HEAD ";
      if (pieces) await sendPieces((piece) => connection.send(piece), message, pieces);
      else connection.send(message);
    }
    return played;
  } finally {
    for (const one of open) one.close();
  }
}

async function reach(host: string, port: number): Promise<Connection> {
  try {
    return await Connection.open(host, port);
  } catch (error) {
    throw new RecordError(
      "unreachable",
      `the program cannot be reached (any more): ${(error as Error).message}`,
    );
  }
}
