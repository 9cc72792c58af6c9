/**
 * A program under test: started, listened to, and ended with all that it started itself.
 *
 * It runs in a session of its own, so that one signal reaches its group and none reaches the suite.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { programEnvironment } from "./environment.ts";
import { LaunchError, ProcessError } from "./errors.ts";
import { guardGroup, guardMark, release } from "./guard.ts";
import { KeptOutput } from "./kept-output.ts";
import { findProgram, quote } from "./launch.ts";
import { readProcess } from "./proc.ts";
import { killTree, killTreeNow, processTree } from "./tree.ts";

export interface StartOptions {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Added to the suite's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names the case, the same for all its processes; no `#` in it. */
  readonly token: string;
  /** How much of each stream is kept, half from its start and half from its end. */
  readonly outputLimitBytes?: number;
}

/** One of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export type OutputListener = (text: string, stream: keyof Output) => void;

const OUTPUT_LIMIT_BYTES = 64 * 1024;
/**
 * What a program printed before it exited is in the pipe by then; a grandchild may hold the pipe
 * open for ever.
 */
const DRAIN_MS = 250;

const running = new Set<RunningProcess>();
let serial = 0;

export class RunningProcess {
  readonly pid: number;
  readonly argv: readonly string[];
  /**
   * The case's token with a serial number: marks this process and what it starts, and no other of
   * the case.
   */
  readonly mark: string;
  /** Resolves as soon as the program itself has exited, whoever still holds its pipes. */
  readonly exited: Promise<Exit>;
  /** `exited`, and all it printed before has been read. */
  readonly finished: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #startTicks: number | undefined;
  readonly #kept: { readonly stdout: KeptOutput; readonly stderr: KeptOutput };
  readonly #listeners = new Set<OutputListener>();
  #exit: Exit | null = null;

  /** For `startProcess`; call it in the same turn as `spawn`, before anything is printed. */
  constructor(child: ChildProcess, mark: string, options: StartOptions) {
    this.#child = child;
    this.pid = child.pid!;
    this.argv = options.argv;
    this.mark = mark;
    this.#startTicks = readProcess(this.pid)?.startTicks;
    const limit = options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
    this.#kept = { stdout: new KeptOutput(limit), stderr: new KeptOutput(limit) };
    this.#read("stdout");
    this.#read("stderr");
    const closed = new Promise<void>((done) => child.once("close", () => done()));
    this.exited = new Promise((done) => {
      child.once("exit", (code, signal) => done(this.#exit = { code, signal }));
    });
    this.finished = this.exited.then((exit) => within(closed, DRAIN_MS).then(() => exit));
    running.add(this);
    guardGroup(this.pid);
  }

  /** The exit if it is known by now. */
  get exit(): Exit | null {
    return this.#exit;
  }

  /** What was printed so far, cut to the limit. */
  output(): Output {
    return { stdout: this.#kept.stdout.text(), stderr: this.#kept.stderr.text() };
  }

  /** Hears all that is printed from now on; returns the way to stop hearing it. */
  onOutput(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Pids of the program and of all that it started. */
  tree(): number[] {
    return processTree(this.pid, this.mark, this.#startTicks);
  }

  /** Sends a signal to the program's process group; nothing happens when it is gone. */
  signal(name: NodeJS.Signals): void {
    // Once the program has been waited for, its pid may name another's group, unless ours is still
    // in use.
    if (this.#exit !== null && !this.tree().some((pid) => readProcess(pid)?.group === this.pid)) {
      return;
    }
    try {
      process.kill(-this.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  /**
   * SIGTERM to the group, and SIGKILL to whatever of the tree is left when the program has exited
   * or time is up.
   */
  async stop(graceMs = 1000): Promise<Exit> {
    this.signal("SIGTERM");
    await within(this.exited, graceMs);
    await this.kill();
    return await this.finished;
  }

  /** SIGKILL to the whole tree. Throws `ProcessError` "survived" when something outlives it. */
  async kill(): Promise<void> {
    try {
      await killTree(this.pid, this.mark, this.#startTicks);
      await this.finished;
    } finally {
      // Pipes that a survivor holds must not keep the suite from exiting.
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      running.delete(this);
      release(this.mark, this.pid);
    }
  }

  /** One round of SIGKILL without waiting. */
  killNow(): void {
    killTreeNow(this.pid, this.mark, this.#startTicks);
  }

  #read(stream: keyof Output): void {
    const decoder = new TextDecoder();
    // A listener is there from the first turn, so the pipe is drained however much is printed.
    this.#child[stream]!.on("data", (chunk: Uint8Array) => {
      this.#kept[stream].add(chunk);
      if (this.#listeners.size === 0) return;
      const text = decoder.decode(chunk, { stream: true });
      for (const listener of [...this.#listeners]) listener(text, stream);
    }).on("error", () => {});
  }
}

/** Starts a program. Rejects with `LaunchError` when it cannot be started. */
export async function startProcess(options: StartOptions): Promise<RunningProcess> {
  if (options.token === "" || /[#\0]/.test(options.token)) {
    throw new ProcessError(
      "failed",
      `token ${quote(options.token)} must be non-empty, without # or NUL`,
    );
  }
  const mark = `${options.token}#${++serial}`;
  const env = programEnvironment(mark, options.env);
  const [name = "", ...args] = options.argv;
  const file = findProgram(name, options.cwd, env.PATH ?? "/usr/bin:/bin");
  killAllAtExit();
  const failure = (error: unknown) =>
    new LaunchError(
      "failed",
      `cannot run ${quote(name)}: ${
        (error as Error).message
      }. If it is a script, see that its first line names an ` +
        "interpreter that is installed here",
    );
  let child: ChildProcess;
  guardMark(mark);
  try {
    child = spawn(file, args, {
      cwd: options.cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    release(mark, undefined);
    throw failure(error);
  }
  const started = new Promise<void>((done, fail) => {
    child.once("spawn", done);
    // Stays for the later errors of signals that miss, which must not end the suite.
    child.on("error", (error) => fail(failure(error)));
  });
  if (child.pid === undefined) {
    release(mark, undefined);
    await started;
    throw failure(new Error("no process came of it"));
  }
  const program = new RunningProcess(child, mark, options);
  await started;
  return program;
}

/** SIGKILL to every program still running, without waiting: for a suite that is interrupted. */
export function killAllNow(): void {
  for (const program of running) program.killNow();
}

let hooked = false;

function killAllAtExit(): void {
  if (hooked) return;
  hooked = true;
  process.once("exit", killAllNow);
}

/** Waits for a promise, but no longer than a bound. */
function within(promise: Promise<unknown>, boundMs: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, boundMs);
    promise.then(() => {
      clearTimeout(timer);
      done();
    });
  });
}
