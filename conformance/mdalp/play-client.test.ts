/** Golden traces played to clients of a few lines, good ones and bad. */
import type { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseTrace } from "../engine/golden/parse-trace.ts";
import { withContext } from "../engine/run/test-kit.ts";
import { CaseFailure } from "../engine/verdict.ts";
import { assembled } from "./course.ts";
import { playClient } from "./play-client.ts";
import type { ClientPlay } from "./play-client.ts";

const test = suite("play-client");

/**
 * A client in plain JavaScript: stop-and-wait to the plan's first address, again after 150 ms. What
 * else it does is in its first argument.
 */
const CLIENT = `
const [how, orchestrator, port, file] = process.argv.slice(1);
const bytes = require("node:fs").readFileSync(file);
const socket = require("node:dgram").createSocket("udp4");
let tid, to, seq = 0, timer;
const data = (n) => Buffer.concat([
  Buffer.from("Type:2;TID:" + (how === "other-tid" ? 1 : tid) + ";SEQ:" + n + ";DATA:"),
  bytes.subarray(n * 100, n * 100 + 100),
]);
const send = () => {
  if (seq * 100 >= bytes.length) { console.log("done"); return socket.close(); }
  socket.send(data(seq), port, to);
  if (how === "two-at-once") socket.send(data(seq + 1), port, to);
  if (how !== "never-again") timer = setTimeout(send, 150);
};
socket.on("message", (message, from) => {
  const text = message.toString();
  const plan = /^Type:1;TID:(\\d+);.*'ip_address': '([\\d.]+)'/.exec(text);
  if (plan && to === undefined) {
    if (how === "gives-up") { console.log("no, thanks"); return process.exit(3); }
    [, tid, to] = plan;
    send();
  } else if (text === "Type:3;TID:" + tid + ";SEQ:" + seq + ";" && from.address === to) {
    clearTimeout(timer);
    seq++;
    send();
  }
});
const intent = how === "long-intent" ? "Type:0;\\n" : "Type:0;";
socket.send(intent, port, orchestrator);
if (how === "asks-twice") socket.send(intent, port, orchestrator);
`;

const HEAD = `### A title of a test
# id: mdalp.client.retransmits/test
`;
const PLAN = `
<<< orchestrator
Type:0;

>>> orchestrator
Type:1;TID:3740;DATA:[{'ip_address': '{{a}}', 'name': 'x'}];
`;
const TWO_PACKETS = `
<<< a
Type:2;TID:3740;SEQ:0;DATA:{{part 0}}

>>> a
Type:3;TID:3740;SEQ:0;

<<< a drop
Type:2;TID:3740;SEQ:1;DATA:{{any}}

<<< a again
Type:2;TID:3740;SEQ:1;DATA:{{any}}

>>> a
Type:3;TID:3740;SEQ:1;
`;

/** Plays to a client of that kind; undefined where it passes. */
async function played(
  how: string,
  blocks: string,
  { head = HEAD, judge = () => {} }: { head?: string; judge?: (play: ClientPlay) => void } = {},
): Promise<CaseFailure | undefined> {
  const golden = parseTrace("golden/test.trace", `${head}${blocks}`);
  const run = ["node", "-e", CLIENT, how, "{orchestrator}", "{port}", "{file}"];
  let failure: CaseFailure | undefined;
  await withContext({ roles: { client: { run } } } as Parameters<typeof withContext>[0], async (
    context,
  ) => {
    try {
      await playClient(context, golden, judge);
    } catch (error) {
      if (!(error instanceof CaseFailure)) throw error;
      failure = error;
    }
  });
  return failure;
}

test("a client that does what is written passes", async () => {
  assert.is(await played("right", PLAN + TWO_PACKETS), undefined);
});

test("delivered: after the steps receivers acknowledge, and the end is waited for", async () => {
  let judged: Buffer | undefined;
  let size = 0;
  const judge = ({ arrived, payload, tids }: ClientPlay) => {
    judged = assembled(arrived);
    size = payload.length;
    assert.equal([...tids], [3740]);
  };
  const head = `${HEAD}# payload: 1234\n# delivered\n`;
  assert.is(await played("right", PLAN + TWO_PACKETS, { head, judge }), undefined);
  assert.is(judged?.length, 1234);
  assert.is(size, 1234);
});

test("a copy of the intent does no harm", async () => {
  assert.is(await played("asks-twice", PLAN + TWO_PACKETS), undefined);
});

test("a copy of what was acknowledged gets its ack again", async () => {
  // The ack of SEQ 0 is slower than the client's patience: copies come meanwhile.
  const slow = TWO_PACKETS.replace(">>> a\n", ">>> a after 400 ms\n");
  assert.is(await played("right", PLAN + slow), undefined);
});

test("another datagram than the one written fails, and both are shown as they are", async () => {
  const failure = await played("other-tid", PLAN + TWO_PACKETS);
  assert.match(
    failure?.message ?? "",
    /^the receiver a got Type:2;TID:1;SEQ:0;DATA:.*, which is not what must come$/,
  );
  const { sent, expected, actual } = failure!.evidence;
  assert.match(sent, /orchestrator sends Type:1;TID:3740;DATA:\[\{'ip_address': '127\.[\d.]+', /);
  assert.match(expected, /^a gets\nType:2;TID:3740;SEQ:0;DATA:0 lorem 1 ipsum /);
  assert.match(actual, /^a got\nType:2;TID:1;SEQ:0;DATA:0 lorem /);
  assert.match(actual, "--- the log:\n");
});

test("a packet before the last one's ack fails", async () => {
  const slow = TWO_PACKETS.replace(">>> a\n", ">>> a after 100 ms\n");
  const failure = await played("two-at-once", PLAN + slow);
  assert.match(
    failure?.message ?? "",
    /^the receiver a got Type:2;TID:3740;SEQ:1;DATA:.* before it had answered what came before$/,
  );
  assert.is(failure?.evidence.expected, "nothing before the answer");
});

test("a datagram that does not come again is late", async () => {
  const failure = await played("never-again", PLAN + TWO_PACKETS);
  assert.is(
    failure?.message,
    "the same datagram did not come again within 10 s: " +
      "the receiver a waits for Type:2;TID:3740;SEQ:1;DATA:...",
  );
  assert.is(failure?.evidence.expected, "a gets once more\nType:2;TID:3740;SEQ:1;DATA:...");
  assert.match(failure?.evidence.actual ?? "", /^nothing more came\n/);
});

test("a client that ends too early fails, with how it ended and what it said", async () => {
  const failure = await played("gives-up", PLAN + TWO_PACKETS);
  assert.match(failure?.message ?? "", /^a datagram did not come before the client ended: /);
  assert.match(failure?.evidence.actual ?? "", /exit code 3; it printed:\nno, thanks/);
});

test("an intent with a byte too many fails where intents are judged, and only there", async () => {
  assert.is(await played("long-intent", PLAN + TWO_PACKETS), undefined);
  const head = HEAD.replace("retransmits", "intent");
  const failure = await played("long-intent", PLAN + TWO_PACKETS, { head });
  assert.match(failure?.message ?? "", /^the orchestrator got Type:0;\\x0a, which is not what/);
  assert.is(failure?.evidence.expected, "orchestrator gets\nType:0;");
});

test("a golden that cannot be played is the suite's fault, not the client's", async () => {
  const blocks = PLAN.replace("'x'", "'{{part 99}}'");
  let told = "";
  await played("right", blocks).catch((error) => told = error.message);
  assert.is(told, "{{part 99}} has no one value, so it cannot be sent");
});

test.run();
