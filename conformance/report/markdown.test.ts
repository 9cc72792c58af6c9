import { test } from "uvu";
import * as assert from "uvu/assert";
import { allPass, everyVerdict, hostile, makeCase, makeReport } from "./fixture.ts";
import { markdown } from "./markdown.ts";

test("a table of rules, the sentence, and each failure with its evidence", () => {
  const text = markdown([everyVerdict]);
  assert.match(text, "**does not conform: 1 MUST rule fails: redirect.server.404**");
  assert.match(text, "| redirect.server.404 | MUST | **fail** | 1 |");
  assert.match(text, "| redirect.server.concurrent | MUST | pass | 1 |");
  assert.match(text, "## fail: redirect.server.404\n");
  assert.match(text, "sent:\n\n```text\nGET /missing.html HTTP/1.1\n");
  assert.match(text, "```diff\n- HTTP/1.1 404 Not Found\n+ HTTP/1.1 200 OK\n");
  assert.match(text, "Reproduce:\n\n```sh\nnpx steelyard check");
  assert.match(text, "- error: redirect.client.direct: the stand-in server could not bind");
});

test("a report in which all is well has no failures to show", () => {
  const text = markdown([allPass]);
  assert.match(text, "**conforms: every MUST rule holds**");
  assert.not.match(text, "\n## ");
});

test("a fence is longer than any run of backticks in it", () => {
  const text = markdown([makeReport([makeCase({ verdict: "fail", sent: "a\n`````\nb" })])]);
  assert.match(text, "\n``````text\na\n`````\nb\n``````\n");
});

test("outside its fences hostile text is no markup", () => {
  let fence = "";
  const prose = markdown([hostile]).split("\n").filter((line) => {
    const run = /^`{3,}/.exec(line)?.[0] ?? "";
    if (fence === "") {
      fence = run;
      return run === "";
    }
    if (line === fence) fence = "";
    return false;
  });
  assert.is(fence, "", "every fence is closed");
  assert.ok(prose.length > 30);
  for (const line of prose) {
    assert.not.match(line, /(?<!\\)[<`]/);
    assert.not.match(line, /[\x00-\x1f]/);
    if (line.startsWith("| ")) assert.is(line.match(/(?<!\\)\|/g)?.length, 5, line);
  }
});

test.run();
