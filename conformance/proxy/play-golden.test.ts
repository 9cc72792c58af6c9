import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseGolden } from "../engine/golden/parse.ts";
import { CaseFailure } from "../engine/verdict.ts";
import { playGolden } from "./play-golden.ts";
import { withRelay } from "./test-kit.ts";
import type { Relay } from "./test-kit.ts";

const EXCHANGE = `### A made-up exchange
# id: proxy.proxy.forwards/made-up

>>>
GET /a?b HTTP/1.1
Host: {{host}}
Connection: close

<<< server
GET /a?b HTTP/1.1
X-Hop: {{absent}}

>>> server
HTTP/1.1 200 OK
Content-Length: {{length}}
X-Kept: yes

hello
<<<
HTTP/1.1 200 {{any}}
X-Kept: yes

hello`;

const REFUSABLE = `${EXCHANGE}
|||
HTTP/1.1 501 {{any}}`;

const NOT_IMPLEMENTED = "'HTTP/1.1 501 No\\r\\nConnection: close\\r\\n\\r\\n'";

/** The failure of an exchange through such a relay; undefined where it passes. */
async function failureOf(relay: Relay, text = EXCHANGE): Promise<CaseFailure | undefined> {
  let failure: CaseFailure | undefined;
  await withRelay(relay, async (context) => {
    try {
      await playGolden(context, parseGolden("made-up.http", text));
    } catch (error) {
      if (!(error instanceof CaseFailure)) throw error;
      failure = error;
    }
  });
  return failure;
}

test("what passes unchanged fits", async () => {
  assert.is(await failureOf({}), undefined);
});

test("a request that is changed on its way fails, with both in the evidence", async () => {
  const failure = await failureOf({ toServer: "text.replace('?b', '')" });
  assert.is(
    failure?.message,
    'the request to the server differs: the first line is "GET /a HTTP/1.1", not "GET /a?b HTTP/1.1"',
  );
  assert.match(failure?.evidence.expected ?? "", "GET /a?b HTTP/1.1");
  assert.match(failure?.evidence.actual ?? "", "GET /a HTTP/1.1");
  assert.match(failure?.evidence.sent ?? "", "GET /a?b HTTP/1.1");
});

test("a field that must not reach the server fails", async () => {
  const failure = await failureOf({ toServer: "text.replace('Host', 'X-Hop: 1\\r\\nHost')" });
  assert.match(failure?.message ?? "", "the field X-Hop must not be there");
});

test("content that must not reach the server fails", async () => {
  const failure = await failureOf({
    toServer: "text.replace('Host', 'Content-Length: 2\\r\\nHost') + 'ab'",
  }, EXCHANGE.replace("X-Hop: {{absent}}\n", ""));
  assert.match(failure?.message ?? "", "the content differs");
});

test("an answer that is changed on its way fails, with the log in the evidence", async () => {
  const failure = await failureOf({ toClient: "text.replace('hello', 'world')" });
  assert.match(failure?.message ?? "", "the content differs at byte 0");
  assert.match(
    failure?.evidence.actual ?? "",
    "server A: connection 1: asked for GET /a?b HTTP/1.1",
  );
  const lost = await failureOf({ toClient: "text.replace('X-Kept: yes\\r\\n', '')" });
  assert.is(lost?.message, "the field X-Kept is missing");
});

test("a refusal fails where it is not among the outcomes, even one that reads like the answer", async () => {
  const refused = await failureOf({ toServer: "undefined", toClient: NOT_IMPLEMENTED });
  assert.match(
    refused?.message ?? "",
    'the server was never asked; the answer is "HTTP/1.1 501 No"',
  );
  const made = "'HTTP/1.1 200 OK\\r\\nX-Kept: yes\\r\\nContent-Length: 5\\r\\n\\r\\nhello'";
  const invented = await failureOf({ toServer: "undefined", toClient: made }, REFUSABLE);
  assert.match(invented?.message ?? "", "the server was never asked");
});

test("a refusal that is among the outcomes needs no server", async () => {
  const relay = { toServer: "undefined", toClient: NOT_IMPLEMENTED };
  assert.is(await failureOf(relay, REFUSABLE), undefined);
});

test("with `end: known` an announced end has to come", async () => {
  const known = EXCHANGE.replace("\n\n>>>", "\n# end: known\n\n>>>");
  const longer = { toClient: "text.replace('Content-Length: 5', 'Content-Length: 9')" };
  assert.is(await failureOf(longer), undefined);
  assert.match((await failureOf(longer, known))?.message ?? "", "never came");
  assert.is(await failureOf({}, known), undefined);
});

test("a probe of the proxy's own is no fault, before the client's request or beside it", async () => {
  const probe = "('GET /health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' + text)";
  const keptOpen = EXCHANGE.replace("Connection: close\n\n<<<", "\n<<<");
  const lastAnswer = "text.slice(text.lastIndexOf('HTTP/1.1'))";
  assert.is(await failureOf({ toServer: probe, toClient: lastAnswer }, keptOpen), undefined);
});

test("chunks are not sent to a proxy that asks in HTTP/1.0", async () => {
  const chunks = EXCHANGE.replace("Content-Length: {{length}}", "Transfer-Encoding: chunked")
    .replace("\n\nhello\n<<<", "\n\n5\\x0d\nhello\\x0d\n0\\x0d\n\\x0d\n\n<<<");
  assert.is(await failureOf({}, chunks), undefined);
  const old = { toServer: "text.replace('HTTP/1.1', 'HTTP/1.0')" };
  assert.is(
    await failureOf(
      old,
      chunks.replace("X-Kept: yes\n\nhello", "Transfer-Encoding: {{absent}}\n\nhello"),
    ),
    undefined,
  );
});

test.run();
