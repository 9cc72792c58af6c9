/** A text run by this runtime in a process of its own, for what would hold up the suite's. */
import { spawn } from "node:child_process";
import process from "node:process";
import { runtime } from "../../src/net/mod.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { keptTo } from "./cores.ts";
import type { Core } from "./cores.ts";

export interface OwnProcess {
  /** The first line that it printed; rejects where it ended without one. */
  readonly firstLine: Promise<string>;
  /** Ends its input, waits for its end, and gives the lines after the first. */
  finish(): Promise<string>;
}

const FINISH_MS = 10_000;

/**
 * Runs a function that stands on nothing outside of itself; it ends with the case.
 *
 * @param argument Anything that JSON holds.
 */
export function runApart<T>(
  context: CaseContext,
  body: (argument: T) => unknown,
  argument: T,
  core?: Core,
): OwnProcess {
  const text = `(${body})(${JSON.stringify(argument)})`;
  const own = runtime === "deno" ? ["eval", "--no-lock", text] : ["-e", text];
  const [program = "", ...args] = keptTo(core, [process.execPath, ...own]);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let [printed, complained] = ["", ""];
  child.stdin.on("error", () => {});
  child.stderr.on("data", (bytes) => complained += bytes);
  const closed = new Promise<void>((done) => {
    child.once("close", () => done());
    child.once("error", (error) => {
      complained += error.message;
      done();
    });
  });
  const firstLine = new Promise<string>((done, fail) => {
    child.stdout.on("data", (bytes) => {
      printed += bytes;
      if (printed.includes("\n")) done(printed.slice(0, printed.indexOf("\n")));
    });
    closed.then(() => fail(new Error(`a process of the suite's failed: ${complained}`)));
  });
  firstLine.catch(() => {});
  context.onEnd(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  return {
    firstLine,
    async finish() {
      const timer = setTimeout(() => child.kill("SIGKILL"), FINISH_MS);
      child.stdin.end();
      await closed;
      clearTimeout(timer);
      return printed.slice(printed.indexOf("\n") + 1);
    },
  };
}
