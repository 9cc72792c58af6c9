/**
 * The suite on the scripts that the lab published: `node conformance/published/run.ts DOCUMENT`, with
 * the path of the report as text (proxy-lab.txt) and options of `check`. The exit code is check's.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runtime } from "../../src/net/mod.ts";
import { ownCommand, packageRoot } from "../engine/package.ts";
import { readArguments, USAGE, WrongUsage } from "./arguments.ts";
import { extractScripts, UnknownDocument } from "./extract.ts";
import { Missing, privateNetworkCommand, SEARCH_PATH } from "./private-network.ts";
import { pythonWithRequests } from "./python.ts";
import { writeSubmission } from "./submission.ts";

const WRONG_USAGE = 2;
const INCOMPLETE = 3;

/** Who is told of a signal; before there is anybody, nothing is under way that would take long. */
const stop: { tell: (name: NodeJS.Signals) => void; told: boolean } = {
  tell: () => {},
  told: false,
};
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    stop.told = true;
    stop.tell(name);
  });
}

process.exitCode = await main(process.argv.slice(2)).catch(explained);

async function main(argv: readonly string[]): Promise<number> {
  const { help, demo, document, options } = readArguments(argv);
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const scripts = extractScripts(readDocument(document));
  const python = pythonWithRequests();
  const folder = mkdtempSync(join(tmpdir(), "steelyard-published-"));
  try {
    const submission = join(folder, "published");
    const privateTmp = join(folder, "tmp");
    for (const path of [submission, privateTmp]) mkdirSync(path);
    writeSubmission(submission, scripts, python.path);
    const command = demo
      ? ["bash", join(packageRoot, "conformance", "published", "demo.sh"), submission, python.path]
      // Port 80 and the state file are the scripts' own: one case at a time.
      : ownCommand(runtime, ["check", submission, "--jobs", "1", ...options]);
    console.error(`with requests ${python.requestsVersion} of ${python.path}`);
    const boxed = privateNetworkCommand(privateTmp, command);
    // A signal that came meanwhile is heard in the next turn.
    await new Promise((turn) => setImmediate(turn));
    return stop.told ? INCOMPLETE : await runToEnd(boxed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readDocument(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongUsage(`cannot read ${JSON.stringify(path)}: ${(error as Error).message}`);
  }
}

/**
 * The exit code of a command. SIGINT and SIGTERM are told to it, and it is left to end in order.
 */
async function runToEnd([program, ...args]: readonly string[]): Promise<number> {
  const child = spawn(program!, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: SEARCH_PATH },
    // A Ctrl-C of the terminal would reach it as well, and a second one ends it at once.
    detached: true,
  });
  stop.tell = (name) => child.kill(name);
  return await new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => done(code === null || code > INCOMPLETE ? INCOMPLETE : code));
  });
}

function explained(error: unknown): number {
  if (error instanceof WrongUsage || error instanceof UnknownDocument) {
    console.error(error.message);
    return WRONG_USAGE;
  }
  if (error instanceof Missing) {
    console.error(error.message);
    return INCOMPLETE;
  }
  throw error;
}
