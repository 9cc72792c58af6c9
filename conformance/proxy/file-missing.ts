/** Cases of proxy.proxy.file-missing: a state file that names no server, at the start and later. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { Case } from "../engine/case.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { setTimeout as delay } from "node:timers/promises";
import { failed, getRequest, startCourse } from "./course.ts";
import type { Course } from "./course.ts";
import {
  askTimed,
  CHANGE_MS,
  expectServer,
  FORWARDS,
  GATEWAY_STATUSES,
  steer,
  wasAsked,
} from "./steering-asks.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

const MISSING = "proxy.proxy.file-missing";
const FOLLOWS = "proxy.proxy.follows-file";

/** A state file that names no server. */
interface Fault {
  readonly name: string;
  readonly title: string;
  /** Bytes as Latin-1, written in place; or what is done at the path, where nothing is. */
  readonly content: string | ((path: string) => void);
  /** Also tried before the proxy starts. */
  readonly atStart?: true;
}

const HTML = "<!DOCTYPE html>\n<html><body><h1>It works!</h1></body></html>\n";
const BINARY = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));

const FAULTS: readonly Fault[] = [
  { name: "missing", title: "A state file that is not there", content: () => {}, atStart: true },
  { name: "empty", title: "An empty state file", content: "", atStart: true },
  { name: "half", title: "A state file with half of an address", content: "127.0.", atStart: true },
  { name: "blank", title: "A state file with white space only", content: " \n\t\r\n" },
  { name: "html", title: "A state file with HTML", content: HTML },
  { name: "binary", title: "A state file with every byte value", content: BINARY },
  { name: "long", title: "A state file with 1 MB of text", content: "no server ".repeat(100_000) },
  {
    name: "folder",
    title: "A folder in place of the state file",
    content: (path) => mkdirSync(path),
  },
  {
    name: "unreadable",
    title: "A state file that may not be read",
    content: (path) => {
      // Root may read it none the less.
      writeFileSync(path, HTML);
      chmodSync(path, 0);
    },
  },
];

function spoil({ context, state }: Course, { content, name }: Fault): void {
  if (typeof content === "string") return state.write(content, "in-place");
  clear(state.path);
  content(state.path);
  context.log.add("suite", `the state file is ${name}`);
}

/** Whatever is there: a folder too. */
function clear(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Answers as the rule has them; throws the failure for others. */
async function expectNoCrash(
  course: Course,
  path: string,
  mayAnswer: readonly UpstreamStandIn[],
): Promise<void> {
  const { answer, tookMs } = await askTimed(course, path);
  if (GATEWAY_STATUSES.includes(answer.status)) return;
  const server = course.servers.find((one) => wasAsked(one, path));
  if (answer.status === 200 && server && mayAnswer.includes(server)) return;
  const came = answer.startLine
    ? `the answer is ${answer.startLine.trim()}${server ? `, of ${server.name}` : ""}`
    : `there is no answer: ${answer.problem}, after ${(tookMs / 1000).toFixed(1)} s`;
  const names = mayAnswer.map(({ name }) => name).join(" or ");
  throw failed(course, came, {
    sent: getRequest(course, path),
    expected: `502, 503 or 504, or the answer of ${names}`,
    answer,
  });
}

async function thenGood(course: Course, server: UpstreamStandIn): Promise<void> {
  clear(course.state.path);
  await steer(course, server);
  await expectServer(course, server, "/good", "when the file names a server again");
}

async function whileRunning(context: CaseContext, fault: Fault): Promise<void> {
  const course = await startCourse(context);
  const [first, second] = course.servers as [UpstreamStandIn, UpstreamStandIn];
  await expectServer(course, first, "/before", "with the file that was there at the start");
  spoil(course, fault);
  // While the change may be on its way, and when it has arrived.
  await expectNoCrash(course, "/at-once", [first]);
  await delay(CHANGE_MS);
  for (const path of ["/spoilt-1", "/spoilt-2"]) await expectNoCrash(course, path, [first]);
  await thenGood(course, second);
}

/** No server was good yet; one that is listed may stand in. */
async function atStart(context: CaseContext, fault: Fault): Promise<void> {
  const { content } = fault;
  const selected = typeof content === "string" ? { content } : "no file";
  const course = await startCourse(context, { selected });
  for (const path of ["/spoilt-1", "/spoilt-2"]) {
    await expectNoCrash(course, path, course.servers);
  }
  await thenGood(course, course.servers[1] as UpstreamStandIn);
}

export const fileMissingCases: readonly Case[] = [
  ...FAULTS.map((fault): Case => ({
    id: `${MISSING}/${fault.name}`,
    rule: MISSING,
    title: `${fault.title} breaks nothing while the proxy runs`,
    needs: [FORWARDS, FOLLOWS],
    timed: true,
    slow: true,
    run: (context) => whileRunning(context, fault),
  })),
  ...FAULTS.filter((fault) => fault.atStart).map((fault): Case => ({
    id: `${MISSING}/${fault.name}-at-start`,
    rule: MISSING,
    title: `${fault.title} breaks nothing when the proxy starts`,
    needs: [FORWARDS, FOLLOWS],
    timed: true,
    slow: true,
    run: (context) => atStart(context, fault),
  })),
];
