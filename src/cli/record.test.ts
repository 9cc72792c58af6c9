import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { steelyard } from "./test-kit.ts";

const folder = mkdtempSync(join(tmpdir(), "steelyard-record-test-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const COMMON = ["record", "reference", "--role", "server", "--title", "A title"];
const ID = ["--id", "redirect.server.404/z"];
const SEND = ["--send", "GET /missing.html"];

test("prints the golden, to --out - too", async () => {
  const { code, stdout } = await steelyard(...COMMON, ...ID, ...SEND, "--out", "-");
  assert.is(code, 0);
  assert.match(stdout, /^### A title\n# id: redirect\.server\.404\/z\n/);
  assert.match(stdout, "\n<<<\nHTTP/1.1 404 Not Found\n");
});

test("sends a file's request and the fields given", async () => {
  const file = join(folder, "request.http");
  writeFileSync(file, "HEAD /page.html HTTP/1.0\nHost: {{host}}\n\n");
  const fromFile = await steelyard(...COMMON, ...ID, "--file", file);
  assert.match(fromFile.stdout, ">>>\nHEAD /page.html HTTP/1.0\nHost: {{host}}\n\n<<<\n");
  const sent = await steelyard(...COMMON, ...ID, ...SEND, "--header", "A: 1", "--header", "B: 2");
  assert.match(sent.stdout, "\nA: 1\nB: 2\n");
});

test("writes into a folder by the case's name, and replaces only by force", async () => {
  const args = [...COMMON, ...ID, ...SEND, "--out", folder];
  const path = join(folder, "404.z.http");
  assert.is((await steelyard(...args)).code, 0);
  const golden = readFileSync(path, "utf8");
  writeFileSync(path, "mine");
  const again = await steelyard(...args);
  assert.is(again.code, 2);
  assert.match(again.stderr, /404\.z\.http is there already; --force/);
  assert.is(readFileSync(path, "utf8"), "mine");
  assert.is((await steelyard(...args, "--force")).code, 0);
  assert.is(readFileSync(path, "utf8"), golden);
});

const REFUSED: readonly [what: string, args: string[], told: RegExp][] = [
  ["no implementation", ["record", "--role", "server"], /no implementation given/],
  ["no id", [...COMMON, ...SEND], /--id is missing/],
  ["an unknown rule", [...COMMON, "--id", "redirect.server.405/a", ...SEND], /server\.404\?/],
  ["another role's rule", [...COMMON, "--id", "redirect.balancer.301/a", ...SEND], /role balancer/],
  ["a bad variant", [...COMMON, "--id", "redirect.server.404/A b", ...SEND], /lower-case/],
  ["nothing to send", [...COMMON, ...ID], /either --send/],
  ["a bad request", [...COMMON, ...ID, "--send", "GET"], /METHOD/],
  ["a missing file", [...COMMON, ...ID, "--file", "/none"], /--file \/none cannot be read/],
  [
    "MDALP, whose goldens come from captures",
    ["record", "reference", "--role", "client", "--title", "A", "--id", "mdalp.client.intent/a"],
    /exchanges of mdalp are datagrams, .* steelyard trace convert transfer\.pcapng transfer\.trace/,
  ],
  [
    "the client",
    [
      "record",
      "reference",
      "--role",
      "client",
      "--title",
      "A",
      ...SEND,
      "--id",
      "redirect.client.direct/a",
    ],
    /"client" cannot be recorded; server, balancer can/,
  ],
];

for (const [what, args, told] of REFUSED) {
  test(`refuses ${what}`, async () => {
    const out = join(folder, "never.http");
    const { code, stderr } = await steelyard(...args, "--out", out);
    assert.is(code, 2);
    assert.match(stderr, told);
    assert.not.ok(existsSync(out));
  });
}

test.run();
