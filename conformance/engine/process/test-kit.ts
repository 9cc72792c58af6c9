/**
 * What the tests of this folder share: programs that are ended whatever happens, and waiting for
 * what they print.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningProcess, startProcess } from "./process.ts";
import { killByToken } from "./tree.ts";

let serial = 0;

export function newToken(): string {
  return `test-${process.pid}-${++serial}`;
}

type Start = (argv: readonly string[], env?: Record<string, string>) => Promise<RunningProcess>;

/** Runs a test with programs of one token, and ends them all. */
export async function withPrograms(
  body: (start: Start, token: string) => Promise<void>,
): Promise<void> {
  const token = newToken();
  const programs: RunningProcess[] = [];
  try {
    await body(async (argv, env = {}) => {
      const program = await startProcess({ argv, cwd: "/", token, env });
      programs.push(program);
      return program;
    }, token);
  } finally {
    for (const program of programs) await program.kill();
    await killByToken(token);
  }
}

/** Runs a test with a folder that is removed afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves with the match once the program has printed it; rejects when it exits without. */
export function printed(program: RunningProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((done, fail) => {
    const look = () => {
      const match = pattern.exec(program.output().stdout);
      if (match === null) return false;
      forget();
      done(match);
      return true;
    };
    const forget = program.onOutput(look);
    if (look()) return;
    program.finished.then(() => look() || fail(new Error(`exited without ${pattern}`)));
  });
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a failure");
}

/** A Node program that listens on a port of TCP, prints it, and moves to another one on SIGUSR2. */
export const LISTENER = [
  "node",
  "-e",
  `
  const net = require("node:net");
  const [port, host] = process.argv.slice(1);
  let server;
  function listen(wanted) {
    server = net.createServer().listen(wanted, host ?? "127.0.0.1", () => {
      console.log("port " + server.address().port);
    });
  }
  process.on("SIGUSR2", () => {
    const old = server;
    listen(0);
    old.close();
  });
  listen(Number(port ?? 0));
`,
];
