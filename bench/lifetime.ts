/** Everything that a measurement starts or writes, and its end together with the measurement. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CASE_VARIABLE } from "../conformance/engine/process/environment.ts";
import { guardGroup, guardMark, release } from "../conformance/engine/process/guard.ts";

/** A program that did not do its work; carries what it wrote to standard error. */
export class ProgramError extends Error {
  readonly code = "program";
}

let serial = 0;

export class Lifetime {
  /** A temporary folder, gone at the end. */
  readonly folder: string = mkdtempSync(join(tmpdir(), "steelyard-bench-"));
  readonly #running = new Set<ChildProcess>();
  #ended = false;
  readonly #onExit = () => this.end();

  /** `signals` are taken as the program's end; one that ends by itself in order leaves them alone. */
  constructor(signals: "end" | "ignore" = "end") {
    process.once("exit", this.#onExit);
    if (signals === "ignore") return;
    for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
      process.once(name, () => process.exit(code));
    }
  }

  /** Throws a ProgramError once the end has come: for what starts in steps. */
  throwIfEnded(): void {
    if (this.#ended) throw new ProgramError("the measurement has ended");
  }

  /**
   * Starts a program that runs until the end; `failed` hears why it ended before. Throws a ProgramError
   * after the end.
   */
  start(command: readonly string[], failed: (error: Error) => void): ChildProcess {
    return this.#spawn(command, false, (error) =>
      failed(
        error ?? new ProgramError(
          `${command.join(" ")} ended by itself`,
        ),
      )).child;
  }

  /** Runs a program to its end; its standard output, or a ProgramError. */
  run(command: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const { output } = this.#spawn(command, true, (error) => {
        if (error) reject(error);
        else resolve(output());
      });
    });
  }

  #spawn(
    command: readonly string[],
    keeps: boolean,
    done: (error: Error | undefined) => void,
  ) {
    // Whoever starts one program after the other may not have heard of the end.
    this.throwIfEnded();
    const [file = "", ...args] = command;
    const mark = `bench-${process.pid}#${++serial}`;
    guardMark(mark);
    // In a group of its own: its children end with it, and Ctrl-C reaches it by way of `end` alone.
    const child = spawn(file, args, {
      detached: true,
      env: { ...process.env, [CASE_VARIABLE]: mark },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // What reads none of it may have closed it, and a write to a dead program is told by its end.
    child.stdin.on("error", () => {});
    this.#running.add(child);
    const { pid } = child;
    if (pid !== undefined) guardGroup(pid);
    let written = "";
    let complaint = "";
    if (keeps) child.stdout.on("data", (bytes) => written += bytes);
    child.stderr.on("data", (bytes) => complaint = (complaint + bytes).slice(-2000));
    child.once("error", (error) => {
      this.#running.delete(child);
      release(mark, pid);
      if (!this.#ended) done(error);
    });
    child.once("close", (code, signal) => {
      this.#running.delete(child);
      release(mark, pid);
      if (this.#ended) return;
      const outcome = `${command.join(" ")} ended with ${signal ?? code}: ${complaint.trim()}`;
      done(code === 0 ? undefined : new ProgramError(outcome));
    });
    return { child, output: () => written };
  }

  /** Ends every program with its children, and removes the folder. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    process.off("exit", this.#onExit);
    for (const { pid } of this.#running) {
      try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
      } catch {
        // It has ended in the meantime.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
