/** Golden traces played to an orchestrator and a receiver of a few lines. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseTrace } from "../engine/golden/parse-trace.ts";
import { withContext } from "../engine/run/test-kit.ts";
import type { MadeUp } from "../engine/run/test-kit.ts";
import { CaseFailure } from "../engine/verdict.ts";
import { playServers } from "./play-servers.ts";

const test = suite("play-servers");

/** Both roles: a plan for each intent, an ack for each packet; the first argument says what else. */
const SERVER = `
const [how, host, port, receiver] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
socket.on("message", (message, from) => {
  const text = message.toString("latin1");
  const answer = (what) => socket.send(what, from.port, from.address);
  if (text === "Type:0;") {
    if (how === "deaf") return;
    answer("Type:1;TID:42;DATA:[{'ip_address': '" + receiver + "', 'name': 'x'}];");
  }
  const data = /^Type:2;TID:(\\d+);SEQ:(-?\\d+);DATA:/.exec(text);
  if (!data || (data[2][0] === "-" && how !== "careless")) return;
  answer("Type:3;TID:" + (how === "other-tid" ? 7 : data[1]) + ";SEQ:" + data[2] + ";");
});
socket.bind(Number(port), host);
`;

const TRACE = `### A title of a test
# id: mdalp.receiver.bounds/test

>>> orchestrator
Type:0;

<<< orchestrator
Type:1;TID:{{tid}};DATA:[{'ip_address': '{{a}}', {{any}}}];

>>> a
Type:2;TID:{{tid}};SEQ:-1;DATA:hello
Type:2;TID:{{tid}};SEQ:1;DATA:hello

<<< a
Type:3;TID:{{tid}};SEQ:1;
`;

/** Undefined where it passes. */
async function played(how: string, trace = TRACE): Promise<CaseFailure | undefined> {
  const run = ["node", "-e", SERVER, how, "{host}", "{port}", "{receiver:comma}"];
  const roles = {
    orchestrator: { run, port: "given" },
    receiver: { run, port: "given" },
  } as MadeUp["roles"];
  let failure: CaseFailure | undefined;
  await withContext({ roles }, async (context) => {
    try {
      await playServers(context, parseTrace("golden/test.trace", trace));
    } catch (error) {
      if (!(error instanceof CaseFailure)) throw error;
      failure = error;
    }
  });
  return failure;
}

test("servers that answer what they should pass", async () => {
  assert.is(await played("right"), undefined);
});

test("an answer to what must not be answered comes first, and fails", async () => {
  const failure = await played("careless");
  assert.match(failure?.message ?? "", "Type:3;TID:42;SEQ:-1;");
  const { sent, expected, actual } = failure!.evidence;
  // What stood for something is shown as it was.
  assert.match(sent, "to orchestrator: Type:0;\nto a: Type:2;TID:42;SEQ:-1;DATA:hello\n");
  assert.match(expected, /^from a \(127\.[\d.:]+\)\nType:3;TID:42;SEQ:1;$/);
  assert.match(actual, /^Type:3;TID:42;SEQ:-1;\n/);
});

test("an ack of another transaction fails", async () => {
  const failure = await played("other-tid");
  assert.match(failure?.message ?? "", "Type:3;TID:7;SEQ:1;");
});

test("an orchestrator that does not answer is told of, with what was expected", async () => {
  const failure = await played("deaf");
  assert.is(failure?.message, "the orchestrator did not answer");
  assert.match(
    failure?.evidence.expected ?? "",
    /\nType:1;TID:\(the TID\);DATA:\[\{'ip_address': '127\.[\d.]+', \.\.\.\}\];$/,
  );
});

test.run();
