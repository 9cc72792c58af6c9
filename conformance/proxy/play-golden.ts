/** Plays a golden exchange on both sides of a proxy: its client, and the server behind it. */
import { escapeBody, escapeMessage, latin1 } from "../engine/bytes.ts";
import { actualText, expectedText } from "../engine/golden/ask.ts";
import { expandMessage } from "../engine/golden/expand.ts";
import type { GoldenValues } from "../engine/golden/expand.ts";
import { mismatch } from "../engine/golden/match.ts";
import type { Golden, GoldenStep } from "../engine/golden/parse.ts";
import { fixture } from "../engine/fixtures.ts";
import type { CaseContext } from "../engine/run/context.ts";
import type { ReceivedMessage } from "../engine/wire/received.ts";
import { hasToken, Parser } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import { askAnything, reach, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import type { UpstreamRequest } from "./upstream-request.ts";
import { withoutChunks } from "./without-chunks.ts";

/** The servers of a golden by their names: the state file names the first. */
export const PARTIES = ["server", "other"] as const;

type Party = (typeof PARTIES)[number];

/** Starts servers and proxy, and goes through the exchange; throws a CaseFailure where it differs. */
export async function playGolden(context: CaseContext, golden: Golden): Promise<void> {
  const course = await startCourse(context);
  const play = new Play(course, golden);
  await play.client();
  play.judgeRest();
}

class Play {
  readonly #course: Course;
  readonly #golden: Golden;
  readonly #values: GoldenValues;
  readonly #waiting: ReadonlyMap<Party, GoldenStep[]>;
  /** The first request to a server that differs from the golden's. */
  #problem: Error | undefined;
  #sent = "";
  /** The client has sent something. */
  #begun = false;

  constructor(course: Course, golden: Golden) {
    this.#course = course;
    this.#golden = golden;
    const [server, other] = course.servers.map(({ address }) => address) as [string, string];
    this.#values = {
      texts: { host: course.proxy.address, server, other },
      servers: [server],
      file: fixture,
    };
    this.#waiting = new Map(
      PARTIES.map((party) => [party, golden.steps.filter((step) => step.party === party)]),
    );
    for (const [i, party] of PARTIES.entries()) {
      course.servers[i]!.respond = (request) => this.#serve(party, request);
    }
  }

  /** The client's steps, in the order of the file. */
  async client(): Promise<void> {
    const oneConnection = this.#golden.keys.mode === "one-connection";
    const on = oneConnection ? await reach(this.#course) : undefined;
    let message: Uint8Array = new Uint8Array();
    for (const step of this.#golden.steps.filter(({ party }) => party === "")) {
      if (step.direction === "send") {
        message = expandMessage(
          step.alternatives[0]!,
          this.#golden.keys.raw !== undefined,
          this.#values,
        );
        this.#sent += escapeMessage(message);
        this.#begun = true;
        continue;
      }
      const answer = await askAnything(this.#course, message, on ? { on } : {});
      if (this.#problem) throw this.#problem;
      this.#judge(step, answer);
    }
  }

  /** What did not happen, though the answers were right. */
  judgeRest(): void {
    if (this.#problem) throw this.#problem;
  }

  async #serve(party: Party, request: UpstreamRequest): Promise<void> {
    const { context } = this.#course;
    const whole = await request.whole;
    if (!this.#begun) {
      context.log.add(party, "a request before the client's: a probe, it gets a 200");
      return request.answer({ close: true });
    }
    const steps = this.#waiting.get(party) as GoldenStep[];
    const wanted = steps[0];
    if (wanted?.direction !== "receive") {
      context.log.add(party, "a request more than the exchange has; it gets a 404");
      return request.answer({ status: "404 Not Found", close: true });
    }
    const answers = answersTo(steps);
    if (this.#fits(party, wanted, request, whole)) steps.splice(0, 1 + answers.length);
    for (const [i, answer] of answers.entries()) {
      const written = expandMessage(answer.alternatives[0]!, false, this.#values);
      const message = request.version === "HTTP/1.0" ? withoutChunks(written) ?? written : written;
      context.log.add(party, `answers ${latin1(message).split("\r\n", 1)[0]}`);
      request.connection.send(message);
      const last = i === answers.length - 1;
      if (last && endsConnection(request, message)) request.connection.end();
    }
  }

  /**
   * What differs may be a probe of the proxy's own, so it is forgotten when what was wanted comes
   * after all.
   */
  #fits(party: Party, wanted: GoldenStep, request: UpstreamRequest, whole: boolean): boolean {
    const reason = whole
      ? requestMismatch(wanted, request, this.#values)
      : "its body broke off before its end";
    this.#problem = reason === undefined ? undefined : this.#course.context.failure(
      `the request to the ${party} differs: ${reason}`,
      {
        sent: this.#sent,
        expected: `the ${party} gets\n${expectedText(wanted)}`,
        actual: escapeMessage(request.head) + escapeBody(request.body.bytes.subarray(0, 4096)),
      },
    );
    return reason === undefined;
  }

  /**
   * Against each outcome that is allowed. The first is the one in which the servers are asked; those
   * after `|||` are refusals, which need no server.
   */
  #judge(step: GoldenStep, answer: ReceivedMessage): void {
    const unasked = [...this.#waiting].find(([, [next]]) =>
      next?.direction === "receive" && next.line < step.line
    );
    const reasons: string[] = [];
    for (const [i, allowed] of step.alternatives.entries()) {
      if (i === 0 && unasked) {
        reasons.push(`the ${unasked[0]} was never asked; ${described(answer)}`);
        continue;
      }
      const reason = mismatch(allowed, answer, this.#values) ??
        (this.#golden.keys.end === "known" ? endProblem(answer) : undefined);
      if (reason === undefined) return;
      reasons.push(reason);
    }
    const others = reasons.length > 1
      ? ` (and none of the ${reasons.length - 1} other outcomes allowed)`
      : "";
    throw this.#course.context.failure(reasons[0] + others, {
      sent: this.#sent,
      expected:
        (unasked ? `the ${unasked[0]} gets\n${expectedText(unasked[1][0]!)}\n--- and then\n` : "") +
        expectedText(step),
      actual: `${actualText(answer)}\n--- the log:\n${this.#course.context.log}`,
    });
  }
}

/** What follows the request that is waited for, up to the next. */
function answersTo(steps: readonly GoldenStep[]): GoldenStep[] {
  const next = steps.findIndex(({ direction }, i) => i > 0 && direction === "receive");
  return steps.slice(1, next < 0 ? undefined : next);
}

function described(answer: ReceivedMessage): string {
  return answer.startLine === undefined
    ? answer.problem ?? "no answer came"
    : `the answer is ${JSON.stringify(answer.startLine.slice(0, 160))}`;
}

/** Undefined where a client can tell that it has all of the answer. */
export function endProblem({ end, problem }: ReceivedMessage): string | undefined {
  if (end === "silence") {
    return "the end of the answer cannot be told: no Content-Length, and the connection stayed open";
  }
  if (end !== "truncated") return undefined;
  return `the end of the answer never came: ${problem ?? "the connection was closed before"}`;
}

/** A request is matched like an answer: its line, its fields, its content. */
function requestMismatch(step: GoldenStep, request: UpstreamRequest, values: GoldenValues) {
  const reasons = step.alternatives.map((allowed) =>
    mismatch(allowed, {
      raw: request.head,
      startLine: `${request.method} ${request.target} ${request.version}`,
      status: 0,
      fields: request.fields,
      body: request.body.bytes,
      end: "none",
      problem: undefined,
      deviations: [],
    }, values)
  );
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Whether a sound server closes after this answer: it says so, was asked to, or only that ends it. */
export function endsConnection(request: UpstreamRequest, answer: Uint8Array): boolean {
  const { fields, version } = request;
  if (hasToken(fields, "connection", "close")) return true;
  if (version === "HTTP/1.0" && !hasToken(fields, "connection", "keep-alive")) return true;
  let ends = false;
  const bodiless = request.method === "HEAD";
  const parser = new Parser<ResponseHead>({ kind: "response", strict: false, bodiless }, {
    onHead: (head) => {
      ends = head.framing.kind === "close" || hasToken(head.fields, "connection", "close") ||
        (head.minor === 0 && !hasToken(head.fields, "connection", "keep-alive"));
    },
  });
  parser.push(answer);
  return ends;
}
