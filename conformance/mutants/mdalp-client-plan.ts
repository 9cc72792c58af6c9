/** Clients of MDALP that break one rule of the intent, the plan, or what comes in place of them. */
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { MessageError } from "../../src/mdalp/message.ts";
import type { Message } from "../../src/mdalp/message.ts";
import { client, options, parts, reading } from "./mdalp-client.ts";
import type { Send } from "./mdalp-client.ts";
import type { SendingMutant } from "./types.ts";

type Read = (datagram: Uint8Array) => Message;

const text = (datagram: Uint8Array) => Buffer.from(datagram).toString("utf8");
const PLAN = /^Type:1;TID:(\d{1,10});DATA:(.*);$/s;

function readable(datagram: Uint8Array, read: Read): boolean {
  try {
    read(datagram);
    return true;
  } catch {
    return false;
  }
}

/** Takes plans as text, before they are read; anything else is read as it is. */
const planText = (change: (plan: string) => string): Send =>
  reading((datagram, read) => {
    const found = PLAN.test(text(datagram));
    return read(found ? Buffer.from(change(text(datagram))) : datagram);
  });

/** Takes what `evaluate` makes of the DATA of a plan. A literal is itself, so that it need not be asked. */
const evaluating = (evaluate: (data: string) => unknown): Send =>
  reading((datagram, read) => {
    const plan = PLAN.exec(text(datagram));
    if (!plan || readable(datagram, read)) return read(datagram);
    let list: unknown;
    try {
      list = evaluate(plan[2] as string);
    } catch (error) {
      throw new MessageError(`DATA cannot be evaluated: ${(error as Error).message}`);
    }
    return read(Buffer.from(`Type:1;TID:${plan[1]};DATA:${JSON.stringify(list)};`));
  });

const evaluateJavaScript = (data: string): unknown =>
  new Function("require", `return ${data}`)(createRequire(import.meta.url));

const EVALUATE = "import json, sys; print(json.dumps(eval(sys.stdin.buffer.read())))";

const evaluatePython = (data: string): unknown =>
  JSON.parse(
    execFileSync("python3", ["-c", EVALUATE], {
      input: data,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    }),
  );

function refuse(reason: string): never {
  throw new MessageError(reason);
}

const refusingPlans = (reason: string, isBad: (plan: string) => boolean): Send =>
  planText((plan) => isBad(plan) ? refuse(reason) : plan);

/** Plans with their single quotes made double, as if that were JSON. */
const asJson = (plan: string): string => {
  const [, tid, data] = PLAN.exec(plan) as RegExpExecArray;
  try {
    JSON.parse((data as string).replaceAll("'", '"'));
  } catch {
    refuse("DATA is no JSON");
  }
  return `Type:1;TID:${tid};DATA:${(data as string).replaceAll("'", '"')};`;
};

/** Ends as a program does that an exception surprises. */
function fall(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const endsAt = (reason: string, isBad: (datagram: Uint8Array, read: Read) => boolean): Send =>
  reading((datagram, read) => isBad(datagram, read) ? fall(reason) : read(datagram));

export const planMutants: readonly SendingMutant[] = [
  client(
    "intent",
    "intent-newline",
    "ends its intent with a newline",
    parts(() => ({ writeIntent: () => Buffer.from("Type:0;\n") })),
  ),
  client(
    "intent",
    "intent-open",
    "sends its intent without the last semicolon",
    parts(() => ({ writeIntent: () => Buffer.from("Type:0") })),
  ),
  client(
    "intent",
    "hurried",
    "gives the plan up after 3 s",
    options({ planMs: 3000 }),
  ),
  client(
    "patient",
    "impatient",
    "gives the plan up after 60 s",
    options({ planMs: 60_000 }),
  ),
  client(
    "intent-again",
    "asks-once",
    "sends its intent once",
    // The longest time that timers take: 25 days.
    options({ intentAgainMs: 2 ** 31 - 1 }),
  ),
  client(
    "parses-plan",
    "plan-as-json",
    "turns all single quotes of a plan into double ones and reads JSON",
    planText(asJson),
  ),
  client(
    "parses-plan",
    "cuts-at-semicolons",
    "takes what stands before the next semicolon for the whole list",
    planText((plan) => `${plan.split(";").slice(0, 3).join(";")};`),
  ),
  client(
    "parses-plan",
    "key-order",
    "reads a receiver only where its address stands before its name",
    refusingPlans("a receiver does not begin with its address", (plan) => /\{'name/.test(plan)),
  ),
  client(
    "parses-plan",
    "nine-receivers",
    "refuses a plan of more than nine receivers",
    refusingPlans("too many receivers", (plan) => plan.split("ip_address").length > 10),
  ),
  client(
    "parses-plan",
    "tid-16-bit",
    "keeps 16 bits of the TID",
    reading((datagram, read) => {
      const message = read(datagram);
      return message.type === "plan" ? { ...message, tid: message.tid & 0xffff } : message;
    }),
  ),
  client(
    "parses-plan",
    "ascii-names",
    "refuses a plan with a byte beyond ASCII",
    // deno-lint-ignore no-control-regex
    refusingPlans("not ASCII", (plan) => /[^\0-\x7f]/.test(plan)),
  ),
  client(
    "no-eval",
    "evals-python",
    "has Python evaluate the DATA of a plan",
    evaluating(evaluatePython),
  ),
  client(
    "no-eval",
    "evals-javascript",
    "evaluates the DATA of a plan as JavaScript",
    evaluating(evaluateJavaScript),
  ),
  client(
    "garbage",
    "ends-at-garbage",
    "ends at a datagram that is no message",
    endsAt("no message", (datagram, read) => !readable(datagram, read)),
  ),
  client(
    "garbage",
    "ends-at-empty",
    "ends at an empty datagram",
    endsAt("nothing received", ({ length }) => length === 0),
  ),
  client(
    "garbage",
    "ends-at-truncated-plan",
    "ends at a plan that is cut off",
    endsAt("list index out of range", (datagram) => /^Type:1;.*[^;]$/s.test(text(datagram))),
  ),
  client(
    "garbage",
    "any-type-is-ack",
    "takes whatever has a TID and a SEQ for an ack",
    reading((datagram, read) => {
      const found = /^Type:\d;TID:(\d+);SEQ:(\d+);/.exec(text(datagram));
      return found ? read(Buffer.from(`Type:3;TID:${found[1]};SEQ:${found[2]};`)) : read(datagram);
    }),
  ),
];
