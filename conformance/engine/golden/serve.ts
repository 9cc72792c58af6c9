/** Plays a golden exchange as the servers that a client asks. */
import { bytesOf, escapeMessage, latin1 } from "../bytes.ts";
import type { CaseContext } from "../run/context.ts";
import type { HttpStandIn, StandInRequest } from "../stand-in/http-stand-in.ts";
import { expandMessage } from "./expand.ts";
import type { GoldenValues } from "./expand.ts";
import { mismatch } from "./match.ts";
import type { Golden, GoldenStep } from "./parse.ts";
import { sendPieces } from "./pieces.ts";
import type { Pieces } from "./pieces.ts";
import { expectedText } from "./ask.ts";

/** What went wrong while the exchange was played, in the order in which it did. */
export interface ServedProblem {
  readonly message: string;
  readonly sent: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Served {
  readonly standIns: ReadonlyMap<string, HttpStandIn>;
  /** Steps that never came, and requests that differ. */
  problems(): ServedProblem[];
}

/** Starts a stand-in for each party; they answer as the golden says, each in its own order. */
export async function serveGolden(
  context: CaseContext,
  golden: Golden,
  valuesOf: (party: HttpStandIn) => GoldenValues,
): Promise<Served> {
  const parties = [...new Set(golden.steps.map(({ party }) => party))];
  const standIns = new Map<string, HttpStandIn>();
  const problems: ServedProblem[] = [];
  const waiting = new Map(
    parties.map((party) => [party, golden.steps.filter((s) => s.party === party)]),
  );
  let last = "";
  for (const party of parties) {
    const standIn = await context.standIn({
      name: party,
      respond: async (request) => {
        const steps = waiting.get(party) as GoldenStep[];
        const wanted = steps.shift();
        if (wanted?.direction !== "receive") {
          const text = "a request more than the exchange has; it gets a 404";
          context.log.add(party, text);
          return answerMore(request);
        }
        const values = valuesOf(standIn);
        const reason = requestMismatch(wanted, request, values);
        if (reason) {
          problems.push({
            message: `the request to the ${party} differs: ${reason}`,
            sent: last || "started the client",
            expected: expectedText(wanted),
            actual: escapeMessage(request.raw),
          });
        }
        const pieces = golden.keys.pieces as Pieces | undefined;
        while (steps[0]?.direction === "send") {
          const message = expandMessage(
            (steps.shift() as GoldenStep).alternatives[0]!,
            false,
            values,
          );
          last = escapeMessage(message.subarray(0, 4096));
          context.log.add(party, `answers ${latin1(message).split("\r\n", 1)[0]}`);
          if (pieces) await sendPieces((piece) => request.connection.send(piece), message, pieces);
          else request.connection.send(message);
        }
        request.connection.end();
      },
    });
    standIns.set(party, standIn);
  }
  return {
    standIns,
    problems() {
      const missing: ServedProblem[] = [];
      for (const [party, steps] of waiting) {
        const next = steps[0];
        if (next?.direction !== "receive") continue;
        missing.push({
          message: `the ${party} was never asked`,
          sent: last || "started the client",
          expected: `${party} gets\n${expectedText(next)}`,
          actual: context.log.toString(),
        });
      }
      return [...problems, ...missing];
    },
  };
}

/** A request is matched like an answer: its line, its fields. */
function requestMismatch(step: GoldenStep, request: StandInRequest, values: GoldenValues) {
  const startLine = `${request.method} ${request.target} ${request.version}`;
  return mismatch(step.alternatives[0]!, {
    raw: request.raw,
    startLine,
    status: 0,
    fields: request.fields,
    body: bytesOf(""),
    end: "none",
    problem: undefined,
    deviations: [],
  }, values);
}

function answerMore(request: StandInRequest): void {
  request.connection.send(
    "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 18\r\nConnection: close\r\n\r\n<h1>Not Found</h1>",
  );
  request.connection.end();
}
