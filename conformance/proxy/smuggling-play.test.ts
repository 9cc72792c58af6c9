import { test } from "uvu";
import * as assert from "uvu/assert";
import { CaseFailure } from "../engine/verdict.ts";
import { withContext } from "../engine/run/test-kit.ts";
import { answerRows, playFamily, requestRows } from "./smuggling.ts";

/** A proxy that reads nothing of what it passes on, unless `seen` has something to say of it. */
function relay(seen = ""): string[] {
  const program = `
    const net = require("node:net"), { readFileSync } = require("node:fs");
    const [host, port, state] = process.argv.slice(1);
    net.createServer((client) => {
      const [at, on] = readFileSync(state, "latin1").trim().split(":");
      const server = net.connect(Number(on), at);
      client.on("error", () => server.destroy()).on("close", () => server.destroy());
      server.on("error", () => client.destroy()).on("close", () => client.destroy());
      client.on("data", (bytes) => {
        const text = bytes.toString("latin1");
        ${seen}
        server.write(bytes);
      });
      server.on("data", (bytes) => client.write(bytes));
    }).listen(Number(port), host);`;
  return ["node", "-e", program, "{host}", "{port}", "{state}"];
}

async function played(variant: string, run: string[]): Promise<CaseFailure | undefined> {
  let failure: CaseFailure | undefined;
  const roles = { proxy: { run, port: "given" } } as Parameters<typeof withContext>[0]["roles"];
  await withContext({ roles }, async (context) => {
    const rows = [...requestRows, ...answerRows].filter((row) => row.variant === variant);
    assert.is(rows.length, 1, `row ${variant}`);
    try {
      await playFamily(context, { name: "one", title: "one row", rows });
    } catch (error) {
      if (!(error instanceof CaseFailure)) throw error;
      failure = error;
    }
  });
  return failure;
}

const REFUSES = `if (text.includes("/row")) return client.end(
  "HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n");`;
const SERVES_HIDDEN = `if (text.includes("/smuggled")) {
  server.write("GET /smuggled HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n");
  return;
}`;
const DIES = `if (text.includes("/row")) process.exit(1);`;
const SILENT = `if (text.includes("/row")) return;`;

test("what has one meaning may be passed on as it is", async () => {
  for (const variant of ["pipelined", "byte-by-byte", "get-with-body", "answer-100-unasked"]) {
    assert.is((await played(variant, relay()))?.message, undefined, variant);
  }
});

test("what has two must not, and the bytes at the server show it", async () => {
  const failure = await played("length-then-chunked", relay());
  assert.match(failure!.message, "Content-Length beside Transfer-Encoding");
  assert.match(failure!.evidence.actual, "Content-Length: 52");
  assert.match(failure!.evidence.expected, "RFC 9112, section 6.1");
});

test("a refusal is right, and so is silence", async () => {
  for (const seen of [REFUSES, SILENT]) {
    assert.is((await played("two-lengths", relay(seen)))?.message, undefined, seen);
  }
});

test("a hidden request that reaches the server is wrong", async () => {
  const failure = await played("two-lengths", relay(SERVES_HIDDEN));
  assert.match(failure!.message, "the server got the hidden request");
});

test("a proxy that serves nobody afterwards is wrong", async () => {
  const failure = await played("two-lengths", relay(DIES));
  assert.match(failure!.message, "then another client's request");
});

test("an answer that nobody asked for must not reach a client", async () => {
  for (const variant of ["answer-extra-after-length", "answer-head-with-body"]) {
    assert.match((await played(variant, relay()))!.message, "in no answer to it", variant);
  }
});

test.run();
