/** The servers of a golden exchange: what they must be asked, and what they answer. */
import { escapeBody, escapeMessage, latin1 } from "../engine/bytes.ts";
import { expectedText } from "../engine/golden/ask.ts";
import { expandMessage } from "../engine/golden/expand.ts";
import type { GoldenValues } from "../engine/golden/expand.ts";
import { mismatch } from "../engine/golden/match.ts";
import type { Golden, GoldenStep } from "../engine/golden/parse.ts";
import { hasToken, Parser } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import type { Course } from "./course.ts";
import type { UpstreamRequest } from "./upstream-request.ts";
import { withoutChunks } from "./without-chunks.ts";

/** The servers by their names in a golden: the state file names the first. */
export const PARTIES = ["server", "other"] as const;

type Party = (typeof PARTIES)[number];

export class GoldenServers {
  /** What the client has sent so far, for evidence; nothing before its first request. */
  sent = "";
  /** The last request that differs from the golden's, until the right one comes. */
  problem: Error | undefined;
  readonly #course: Course;
  readonly #values: GoldenValues;
  readonly #waiting: ReadonlyMap<Party, GoldenStep[]>;

  constructor(course: Course, golden: Golden, values: GoldenValues) {
    this.#course = course;
    this.#values = values;
    this.#waiting = new Map(
      PARTIES.map((party) => [party, golden.steps.filter((step) => step.party === party)]),
    );
    for (const [i, party] of PARTIES.entries()) {
      course.servers[i]!.respond = (request) => this.#serve(party, request);
    }
  }

  /** The request that should have come before this step of the client's, and did not. */
  unasked(before: GoldenStep): GoldenStep | undefined {
    for (const [next] of this.#waiting.values()) {
      if (next?.direction === "receive" && next.line < before.line) return next;
    }
    return undefined;
  }

  async #serve(party: Party, request: UpstreamRequest): Promise<void> {
    const { context } = this.#course;
    const whole = await request.whole;
    if (this.sent === "") {
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
    this.problem = reason === undefined ? undefined : this.#course.context.failure(
      `the request to the ${party} differs: ${reason}`,
      {
        sent: this.sent,
        expected: `the ${party} gets\n${expectedText(wanted)}`,
        actual: escapeMessage(request.head) + escapeBody(request.body.bytes.subarray(0, 4096)),
      },
    );
    return reason === undefined;
  }
}

/** What follows the request that is waited for, up to the next. */
function answersTo(steps: readonly GoldenStep[]): GoldenStep[] {
  const next = steps.findIndex(({ direction }, i) => i > 0 && direction === "receive");
  return steps.slice(1, next < 0 ? undefined : next);
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
export function endsConnection(
  { method, version, fields }: Pick<UpstreamRequest, "method" | "version" | "fields">,
  answer: Uint8Array,
): boolean {
  if (hasToken(fields, "connection", "close")) return true;
  if (version === "HTTP/1.0" && !hasToken(fields, "connection", "keep-alive")) return true;
  let ends = false;
  const bodiless = method === "HEAD";
  const parser = new Parser<ResponseHead>({ kind: "response", strict: false, bodiless }, {
    onHead: (head) => {
      ends = head.framing.kind === "close" || hasToken(head.fields, "connection", "close") ||
        (head.minor === 0 && !hasToken(head.fields, "connection", "keep-alive"));
    },
  });
  parser.push(answer);
  return ends;
}
