import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../../src/net/mod.ts";
import { parseGolden } from "../engine/golden/parse.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { reference } from "../reference.ts";
import { allRules } from "../suites.ts";
import { RecordError } from "./error.ts";
import { goldenFileName, recordGolden } from "./record.ts";
import { requestLines } from "./request.ts";
import { withServer } from "./test-kit.ts";

const own = reference("redirect", runtime) as Implementation;

function record(implementation: Implementation, id: string, send: string): Promise<string> {
  const rule = allRules().find((one) => id.startsWith(one.id))!;
  const lines = requestLines(send, []);
  return recordGolden(implementation, { id, rule, title: "A title", lines, allFields: false });
}

test("records the reference's server: keys, what was sent, what came", async () => {
  const text = await record(own, "redirect.server.serves-identical/z", "GET /picture.png");
  assert.is(
    text,
    `### A title
# id: redirect.server.serves-identical/z
# level: MUST
# role: server
# source: spec/redirect.md, server

>>>
GET /picture.png HTTP/1.1
Host: {{host}}
Connection: close

<<<
HTTP/1.1 200 OK
Content-Type: image/png
Content-Length: {{length}}

{{file picture.png}}
`,
  );
});

test("records a balancer over two stand-ins, whichever it names", async () => {
  const text = await record(own, "redirect.balancer.301/z", "GET /a?b");
  const golden = parseGolden("z.http", text);
  assert.is(golden.keys.servers, "2");
  const head = golden.steps[1]?.alternatives[0]?.head ?? [];
  assert.is(head[0], "HTTP/1.1 301 Moved Permanently");
  assert.ok(head.includes("Location: http://{{server}}/a?b"), head.join("\n"));
});

test("states by matchers what differs between two starts", async () => {
  const answer = (id: number) => `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\n\r\n<p>${id}</p>`;
  await withServer([answer(1), answer(2)], async (implementation) => {
    const text = await record(implementation, "redirect.server.404/z", "GET /");
    assert.match(text, "<<<\nHTTP/1.1 200 OK\nX-Id: {{number}}\n\n{{html}}\n");
  });
});

test("refuses a server that answers differently after each start", async () => {
  const answers = ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n"];
  await withServer(answers, async (implementation) => {
    const failed = await record(implementation, "redirect.server.404/z", "GET /").then(
      () => undefined,
      (error) => error,
    );
    assert.instance(failed, RecordError);
    assert.is(failed.code, "varies");
  });
});

test("names the file by the case", () => {
  assert.is(goldenFileName("redirect.server.404/a.b"), "404.a.b.http");
  assert.is(goldenFileName("redirect.server.head"), "head.http");
});

test.run();
