/** What the tests of recordings share: answers as pairs, and a program that answers as it is told. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runArguments, runtime } from "../../src/net/mod.ts";
import { bytesOf } from "../engine/bytes.ts";
import { fixture } from "../engine/fixtures.ts";
import { executable } from "../engine/package.ts";
import { loadImplementation } from "../engine/run/implementation.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { ResponseReader } from "../engine/wire/received.ts";
import type { Pair, Seen } from "./twice.ts";

/** An answer as bytes, LF standing for CR LF in its head, that came from a program at this port. */
export function seen(text: string, port: number, options: { readonly head?: boolean } = {}): Seen {
  const at = text.indexOf("\n\n");
  const bytes = at < 0
    ? bytesOf(text)
    : bytesOf(text.slice(0, at + 2).replaceAll("\n", "\r\n") + text.slice(at + 2));
  const bodiless = options.head === true;
  const reader = new ResponseReader(bodiless);
  if (bytes.length > 0) reader.push(bytes);
  return {
    received: reader.result(reader.complete ? "complete" : "closed"),
    bodiless,
    values: {
      texts: { host: `127.0.0.1:${port}` },
      servers: [`127.0.0.1:${port}1`, `127.0.0.1:${port}2`],
      file: fixture,
    },
  };
}

/** The programs of the two recordings listened at 2000 and 3000, their servers at 20001 and so on. */
export function pair(
  first: string,
  second = first,
  options: { readonly head?: boolean } = {},
): Pair {
  return [seen(first, 2000, options), seen(second, 3000, options)];
}

/** Tells its starts apart by a file outside its copy, and sends the answer of that start. */
const PROGRAM = `
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
const [port, folder] = process.argv.slice(2);
appendFileSync(folder + "/starts", ".");
const start = readFileSync(folder + "/starts", "utf8").length - 1;
const answers = JSON.parse(readFileSync(folder + "/answers.json", "utf8"));
createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", () => socket.end(answers[start % answers.length]));
}).listen(Number(port), "127.0.0.1");
`;

/** Runs a test with a server whose answer is the next of these at each of its starts. */
export async function withServer(
  answers: readonly string[],
  body: (implementation: Implementation) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  try {
    const submission = join(folder, "submission");
    mkdirSync(submission);
    writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
    writeFileSync(join(submission, "server.mjs"), `import process from "node:process";${PROGRAM}`);
    const run = [executable(runtime), ...runArguments(runtime), "server.mjs", "{port}", folder];
    const manifest = {
      name: "told",
      system: "redirect",
      roles: { server: { run, port: "given" } },
    };
    writeFileSync(join(submission, "steelyard.json"), JSON.stringify(manifest));
    await body(await loadImplementation(submission, { ruleIds: [], caseIds: [] }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
