/** Every split of every golden message parses alike: src/http1 judged by the suite's own data. */
import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Parser } from "../../../src/http1/mod.ts";
import type { Head } from "../../../src/http1/mod.ts";
import { fixture } from "../fixtures.ts";
import { expandMessage } from "./expand.ts";
import { loadGoldens } from "./load.ts";

const test = suite("splits of goldens");

const VALUES = {
  texts: {
    host: "127.0.0.1:20001",
    balancer: "127.0.0.1:20001",
    dead: "127.0.0.1:20009",
    server: "127.0.0.1:20002",
  },
  servers: ["127.0.0.1:20002"],
  // The large file would only repeat what a picture shows.
  file: (name: string) => name === "large.bin" ? fixture("picture.png") : fixture(name),
};

/** What a parser makes of a message that comes in these pieces. */
function events(
  kind: "request" | "response",
  strict: boolean,
  pieces: readonly Uint8Array[],
): unknown[] {
  const seen: unknown[] = [];
  let body: Uint8Array[] = [];
  const parser = new Parser<Head>({ kind, strict }, {
    onHead: (head) => seen.push(head),
    onData: (bytes) => body.push(Buffer.from(bytes)),
    onComplete: (trailers) => {
      seen.push(Buffer.concat(body).toString("latin1"), trailers);
      body = [];
    },
    onDeviation: (found) => seen.push(found),
  });
  for (const piece of pieces) parser.push(piece);
  parser.end();
  seen.push(Buffer.concat(body).toString("latin1"));
  return seen;
}

function* splits(bytes: Buffer): Generator<Uint8Array[]> {
  yield Array.from(bytes.subarray(0, 2000), (_, i) => bytes.subarray(i, i + 1)).concat([
    bytes.subarray(2000),
  ]);
  for (let at = 1; at < Math.min(bytes.length, 600); at++) {
    yield [bytes.subarray(0, at), bytes.subarray(at)];
  }
}

let messages = 0;
for (const role of ["server", "balancer", "client"]) {
  for (const golden of loadGoldens("redirect", role)) {
    test(`${golden.keys.id}`, () => {
      for (const step of golden.steps) {
        if (step.direction !== "send") continue;
        const kind = role === "client" ? "response" : "request";
        const bytes = expandMessage(step.alternatives[0]!, golden.keys.raw !== undefined, VALUES);
        for (const strict of [true, false]) {
          const whole = events(kind, strict, [bytes]);
          for (const pieces of splits(bytes)) {
            assert.equal(events(kind, strict, pieces), whole, `cut at ${pieces[0]?.length}`);
          }
        }
        messages++;
      }
    });
  }
}

test("there were messages to split", () => assert.ok(messages > 100, String(messages)));

test.run();
