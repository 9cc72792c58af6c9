/** What a case has at hand: a folder, ports, the program under test, stand-ins, a log. */
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { EventLog } from "../event-log.ts";
import { expandArguments, expandText } from "../manifest/mod.ts";
import type { RoleSpec, Values } from "../manifest/mod.ts";
import {
  copySubmission,
  currentPort,
  NotListening,
  sandboxArguments,
  startProcess,
  waitForPort,
  warpArguments,
  warpAvailable,
  writeFiles,
} from "../process/mod.ts";
import type { PortPool, PortSpec, RunningProcess } from "../process/mod.ts";
import { HttpStandIn } from "../stand-in/http-stand-in.ts";
import type { StandInOptions } from "../stand-in/http-stand-in.ts";
import { CaseFailure, CaseSkipped, CaseUnsupported } from "../verdict.ts";
import type { Implementation } from "./implementation.ts";
import { roleOf } from "./implementation.ts";

/** How this attempt at the case runs. */
export interface Attempt {
  /** Shrink waiting by libfaketime where the manifest allows it. */
  readonly warp: boolean;
  /** Leave out what can only wait. */
  readonly fast: boolean;
  readonly seed: number;
  /** Milliseconds after which the case is given up. */
  readonly timeoutMs: number;
}

/** What the cases of one run share. */
export interface RunState {
  readonly implementation: Implementation;
  readonly ports: PortPool;
  readonly isolation?: "bwrap" | "none";
  /** Roles that listened at least once, and how often one did not. */
  readonly listened: Set<string>;
  readonly silent: Map<string, number>;
}

export interface LaunchOptions {
  /** Values of placeholders besides {host} and {port}. */
  readonly values: Values;
  /** The case has the program wait for its own interval. */
  readonly waits?: boolean;
  /** Milliseconds for the program to listen. */
  readonly listenMs?: number;
}

/** A role that listens. */
export interface Launched {
  readonly process: RunningProcess;
  readonly host: string;
  /** Where it was last seen to listen. */
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  /** Looks where it listens now, or soon: some close their port for a test and bind another. */
  findAgain(): Promise<number>;
  /** Milliseconds within which a round of its own interval must come. */
  readonly roundMs: number;
  /** The program's clock runs faster than the suite's. */
  readonly warped: boolean;
}

const LISTEN_MS = 15_000;
/** For a program that listens at times only. */
const REBIND_MS = 5_000;
/** For a role that has never listened in this run. */
const LISTEN_AGAIN_MS = 2_000;
/** The default interval of the assignment, with which most programs come. */
const DEFAULT_INTERVAL_S = 300;

export class CaseContext {
  readonly id: string;
  /** Private to this case, removed after it. */
  readonly folder: string;
  readonly attempt: Attempt;
  readonly log = new EventLog();
  readonly #state: RunState;
  readonly #token: string;
  readonly #cleanups: (() => Promise<void>)[] = [];
  readonly #ended = new Set<RunningProcess>();
  readonly #starting = new Set<Promise<unknown>>();
  #copies = 0;
  #over = false;
  /** What was printed by the programs of this case, for evidence. */
  readonly processes: RunningProcess[] = [];
  /** The program ran under libfaketime in this attempt. */
  warped = false;

  constructor(id: string, folder: string, token: string, attempt: Attempt, state: RunState) {
    this.id = id;
    this.folder = folder;
    this.attempt = attempt;
    this.#token = token;
    this.#state = state;
    mkdirSync(folder, { recursive: true });
  }

  get implementation(): Implementation {
    return this.#state.implementation;
  }

  /** Numbers in [0, 1) from the run's seed and the case's id: the same in each repetition. */
  get random(): () => number {
    let state = this.attempt.seed | 0;
    for (const char of this.id) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193);
    return () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
      const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
      return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
    };
  }

  /** Run when the case ends, in reverse order; at once where it was given up before. */
  onEnd(cleanup: () => Promise<void>): void {
    if (this.#over) cleanup().catch(() => {});
    else this.#cleanups.push(cleanup);
  }

  async standIn(options: Omit<StandInOptions, "log" | "port">): Promise<HttpStandIn> {
    const [port] = await this.#takePorts(1);
    const standIn = await HttpStandIn.start({ ...options, port: port as number, log: this.log });
    this.onEnd(() => standIn.close());
    return standIn;
  }

  async #takePorts(count: number): Promise<number[]> {
    const ports = await this.#state.ports.take(count);
    this.onEnd(() => Promise.resolve(this.#state.ports.release(ports)));
    return ports;
  }

  /** A port on which nothing listens, and on which nothing of the suite will during this case. */
  async deadPort(): Promise<number> {
    const [port] = await this.#takePorts(1);
    return port as number;
  }

  #role(role: string): RoleSpec {
    const spec = roleOf(this.implementation, role);
    if (!spec) throw new CaseUnsupported(`the implementation has no ${role}`);
    return spec;
  }

  /** Starts a role in a fresh copy of the submission and waits until it listens. */
  async launch(role: string, options: LaunchOptions): Promise<Launched> {
    const spec = this.#role(role);
    const [given] = await this.#takePorts(1);
    const host = "127.0.0.1";
    const takesInterval = JSON.stringify(spec).includes("{interval}");
    const interval = options.waits && takesInterval ? 1 : DEFAULT_INTERVAL_S;
    const values: Values = { host, port: given as number, interval, ...options.values };
    const warp = options.waits === true && !takesInterval && spec.idle === "warp";
    const { running } = await this.#start(role, spec, values, warp);
    const portSpec = (spec.port ?? "given") as PortSpec;
    await this.#listening(role, running, portSpec, given as number, options.listenMs);
    const find = () => currentPort(running, portSpec, { expected: given as number })?.port;
    let port = find() ?? (given as number);
    return {
      process: running,
      host,
      get port() {
        return port;
      },
      get address() {
        return `${host}:${port}`;
      },
      async findAgain() {
        const wait = { deadlineMs: REBIND_MS, expected: given as number };
        const bound = await waitForPort(running, portSpec, wait).catch(() => undefined);
        return port = bound?.port ?? port;
      },
      roundMs: this.#roundMs(takesInterval),
      warped: this.warped,
    };
  }

  #roundMs(takesInterval: boolean): number {
    if (takesInterval) return 10_000;
    return this.warped ? 20_000 : (DEFAULT_INTERVAL_S + 30) * 1000;
  }

  async #start(role: string, spec: RoleSpec, values: Values, wantsWarp: boolean) {
    if (this.#over) throw new Error("the case is over");
    const starting = this.#startNow(role, spec, values, wantsWarp);
    const done = starting.catch(() => {}).finally(() => this.#starting.delete(done));
    this.#starting.add(done);
    return await starting;
  }

  async #startNow(role: string, spec: RoleSpec, values: Values, wantsWarp: boolean) {
    const copy = join(this.folder, `${role}-${++this.#copies}`);
    if (this.implementation.folder === undefined) mkdirSync(copy, { recursive: true });
    else await copySubmission(this.implementation.folder, copy);
    await this.#writeFiles(copy, spec, values, role);
    this.#fillRoot(copy, spec, values);
    const cwd = spec.cwd === undefined ? copy : join(copy, spec.cwd);
    let argv = expandArguments(spec.run, values, role);
    if (wantsWarp && this.attempt.warp && await warpAvailable() !== null) {
      argv = warpArguments(argv);
      this.warped = true;
    } else if (wantsWarp && this.attempt.fast) {
      throw new CaseSkipped(
        "needs minutes of waiting; left out by --fast (faketime would shrink it)",
      );
    }
    if (this.#state.isolation === "bwrap") argv = sandboxArguments(argv, this.folder);
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(spec.env ?? {})) {
      env[name] = expandText(value, values, role);
    }
    this.#makeRoom(cwd, spec, values, role);
    const before = new Set(filesBelow(cwd));
    const running = await startProcess({ argv, cwd, env, token: this.#token });
    this.processes.push(running);
    this.log.add("suite", `started ${role}: ${argv.join(" ")}`);
    running.exited.then(({ code, signal }) => {
      this.log.add(role, signal ? `ended by ${signal}` : `exited with code ${code}`);
    });
    return { running, cwd, before };
  }

  /**
   * A file of the submission's own under the name that is to be saved would hide whether it was.
   * What the command itself names stays.
   */
  #makeRoom(cwd: string, spec: RoleSpec, values: Values, role: string): void {
    const names = [values.basename, spec.saves && expandText(spec.saves, values, role)];
    for (const name of names) {
      if (typeof name !== "string" || name === "" || spec.run.includes(name)) continue;
      const path = join(cwd, name);
      if (isInside(cwd, path)) rmSync(path, { recursive: true, force: true });
    }
  }

  /** Serves from a folder of its own: the fixtures are put there, and beside it what must not be. */
  #fillRoot(copy: string, spec: RoleSpec, values: Values): void {
    if (spec.root === undefined || typeof values.root !== "string") return;
    const own = join(copy, spec.root);
    cpSync(values.root, own, { recursive: true, force: true, verbatimSymlinks: true });
    const secret = join(dirname(values.root), "secret.txt");
    if (existsSync(secret)) cpSync(secret, join(dirname(own), "secret.txt"));
  }

  /** Into the copy, or below {root} where the path begins there. */
  async #writeFiles(copy: string, spec: RoleSpec, values: Values, role: string): Promise<void> {
    const root = typeof values.root === "string" ? resolve(values.root) : undefined;
    for (const [path, template] of Object.entries(spec.files ?? {})) {
      if (path.startsWith("{root}/")) {
        if (root) {
          await writeFiles(root, {
            [path.slice("{root}/".length)]: expandText(template, values, role),
          });
        }
        continue;
      }
      await writeFiles(copy, {
        [expandText(path, values, role)]: expandText(template, values, role),
      });
    }
  }

  async #listening(
    role: string,
    running: RunningProcess,
    spec: PortSpec,
    expected: number,
    patience: number = LISTEN_MS,
  ): Promise<void> {
    const { listened, silent } = this.#state;
    const hopeless = !listened.has(role) && (silent.get(role) ?? 0) >= 3;
    const deadlineMs = hopeless ? Math.min(patience, LISTEN_AGAIN_MS) : patience;
    try {
      await waitForPort(running, spec, { deadlineMs, expected });
      listened.add(role);
      this.log.add(role, "listens");
    } catch (error) {
      if (!(error instanceof NotListening)) throw error;
      silent.set(role, (silent.get(role) ?? 0) + 1);
      throw this.failure((error.message.split("\n")[0] as string).slice(0, 300), {
        sent: `started: ${running.argv.join(" ")}`,
        expected: `the ${role} listens`,
        actual: this.printed() || "it printed nothing",
      });
    }
  }

  /** Runs a client to its end, or kills it after the deadline. */
  async runToEnd(role: string, values: Values, deadlineMs: number): Promise<Ended> {
    const spec = this.#role(role);
    const { running, cwd, before } = await this.#start(role, spec, values, false);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((done) => {
      timer = setTimeout(() => done(undefined), deadlineMs);
    });
    const exit = await Promise.race([running.finished, late]);
    clearTimeout(timer);
    if (!exit) {
      this.log.add("suite", `the ${role} had not ended after ${deadlineMs / 1000} s: killed`);
    }
    await running.kill();
    this.#ended.add(running);
    return {
      folder: cwd,
      before,
      exitCode: exit?.code ?? null,
      endedInTime: exit !== undefined,
      output: `${running.output().stdout}\n${running.output().stderr}`,
      saves: spec.saves === undefined ? undefined : expandText(spec.saves, values, role),
    };
  }

  /** The last lines that the programs of this case printed. */
  printed(): string {
    return this.processes.map((running) => {
      const { stdout, stderr } = running.output();
      return [stdout, stderr].map((text) => text.trim()).filter(Boolean).join("\n");
    }).filter(Boolean).join("\n").slice(-4000);
  }

  /** A failure whose evidence ends with what the programs printed and the log of the case. */
  failure(
    message: string,
    evidence: { sent: string; expected: string; actual: string },
  ): CaseFailure {
    const crashed = this.processes.filter((one) => one.exit && one.exit.code !== 0);
    const printed = crashed.length > 0 ? this.printed() : "";
    const tail = printed && !evidence.actual.includes(printed)
      ? `\n--- the program ended, and had printed:\n${printed.split("\n").slice(-15).join("\n")}`
      : "";
    return new CaseFailure(message, { ...evidence, actual: evidence.actual + tail });
  }

  /** Ends whatever the case started and removes its folder. */
  async end(): Promise<void> {
    const errors: unknown[] = [];
    this.#over = true;
    this.log.close();
    // A case that was given up may be about to start a program.
    await Promise.all(this.#starting);
    // Whatever a program started carries its mark, so this ends daemons of its daemons too.
    await Promise.all(
      this.processes.filter((running) => !this.#ended.has(running)).map((running) =>
        running.kill().catch((error) => errors.push(error))
      ),
    );
    for (const cleanup of this.#cleanups.reverse()) {
      await cleanup().catch((error) => errors.push(error));
    }
    removeFolder(this.folder);
    if (errors.length > 0) throw errors[0];
  }
}

export interface Ended {
  /** The folder that the program ran in, and the files that were there before it. */
  readonly folder: string;
  readonly before: ReadonlySet<string>;
  readonly exitCode: number | null;
  readonly endedInTime: boolean;
  readonly output: string;
  /** The name that the manifest says the file is saved under. */
  readonly saves: string | undefined;
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A program may have taken the right to write away from folders of its own.
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  }
}

export function isInside(folder: string, path: string): boolean {
  return resolve(path).startsWith(resolve(folder) + sep);
}

/** Every file below a folder, as paths relative to it. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !lstatSync(join(folder, path)).isDirectory());
}
