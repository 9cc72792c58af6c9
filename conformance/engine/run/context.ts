/** What a case has at hand: a folder, ports, the program under test, stand-ins, a log. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordedDatagram } from "../datagram.ts";
import { EventLog } from "../event-log.ts";
import { expandText } from "../manifest/mod.ts";
import type { RoleSpec, Values } from "../manifest/mod.ts";
import {
  currentPort,
  NotListening,
  waitForPort,
  WARP_FACTOR,
  warpAvailable,
} from "../process/mod.ts";
import type { PortPool, PortSpec, Protocol, RunningProcess } from "../process/mod.ts";
import { HttpStandIn } from "../stand-in/http-stand-in.ts";
import type { StandInOptions } from "../stand-in/http-stand-in.ts";
import { CaseFailure, CaseSkipped, CaseUnsupported } from "../verdict.ts";
import { removeFolder } from "./files.ts";
import type { Implementation } from "./implementation.ts";
import { roleOf } from "./implementation.ts";
import { startRole } from "./start-role.ts";
import type { StartOptions } from "./start-role.ts";

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

/** What a role that works by a clock of its own is started with. */
export interface IntervalOptions {
  /** The case has the program wait for its own interval. */
  readonly waits?: boolean;
  /** {interval} where the program takes one and the case waits for it, in seconds; 1 by default. */
  readonly intervalS?: number;
  /** The interval that programs of this system come with, in seconds; 300 by default. */
  readonly usualIntervalS?: number;
}

export interface QuietOptions extends IntervalOptions, Pick<StartOptions, "mode"> {
  readonly values: Values;
}

export interface LaunchOptions extends IntervalOptions {
  /** Values of placeholders besides {host} and {port}. */
  readonly values: Values;
  /** Milliseconds for the program to listen. */
  readonly listenMs?: number;
  /** Where it has to listen; by default 127.0.0.1 and a port that is free. */
  readonly at?: { readonly host: string; readonly port: number };
  /** What it listens on; TCP by default. */
  readonly protocol?: Protocol;
}

/** A role that runs. */
export interface Started {
  readonly process: RunningProcess;
  /** Milliseconds that its interval takes, by the suite's clock. */
  readonly intervalMs: number;
  /** Milliseconds within which a round of its own interval must come. */
  readonly roundMs: number;
  /** Its copy of the submission, where it runs. */
  readonly cwd: string;
  /** What the placeholders of its command stood for. */
  readonly values: Values;
  /** The program's clock runs faster than the suite's. */
  readonly warped: boolean;
}

/** A role that listens. */
export interface Launched extends Started {
  readonly host: string;
  /** Where it was last seen to listen. */
  readonly port: number;
  /** `host:port`. */
  readonly address: string;
  /** Looks where it listens now, or soon: some close their port for a test and bind another. */
  findAgain(): Promise<number>;
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
  /** What went over UDP, for a capture of the case. */
  readonly datagrams: RecordedDatagram[] = [];
  readonly #state: RunState;
  readonly #token: string;
  readonly #cleanups: (() => Promise<void>)[] = [];
  readonly #ended = new Set<RunningProcess>();
  /** Ended by the case, before its end. */
  readonly #stopped = new Set<RunningProcess>();
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

  /** Around each program of a submission. */
  get isolation(): "bwrap" | "none" {
    return this.#state.isolation ?? "none";
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
    const { host, port: given } = options.at ??
      { host: "127.0.0.1", port: (await this.#takePorts(1))[0] as number };
    const pace = paceOf(spec, options);
    const values: Values = { host, port: given, interval: pace.intervalS, ...options.values };
    const { running, cwd } = await this.#start(role, spec, values, pace.waits, {});
    const portSpec = (spec.port ?? "given") as PortSpec;
    const found = { expected: given, protocol: options.protocol ?? "tcp" } as const;
    await this.#listening(role, running, portSpec, found, options.listenMs);
    const find = () => currentPort(running, portSpec, found)?.port;
    let port = find() ?? given;
    return {
      process: running,
      host,
      cwd,
      values,
      get port() {
        return port;
      },
      get address() {
        return `${host}:${port}`;
      },
      async findAgain() {
        const wait = { deadlineMs: REBIND_MS, ...found };
        const bound = await waitForPort(running, portSpec, wait).catch(() => undefined);
        return port = bound?.port ?? port;
      },
      ...this.#roundOf(pace),
    };
  }

  /** Starts a role that does not listen, in a fresh copy of the submission. */
  async startQuiet(role: string, options: QuietOptions): Promise<Started> {
    const spec = this.#role(role);
    const pace = paceOf(spec, options);
    const values: Values = { interval: pace.intervalS, ...options.values };
    const mode = options.mode === undefined ? {} : { mode: options.mode };
    const { running, cwd } = await this.#start(role, spec, values, pace.waits, mode);
    return { process: running, cwd, values, ...this.#roundOf(pace) };
  }

  #roundOf({ intervalS, given, waits }: Pace): Pick<Started, "intervalMs" | "roundMs" | "warped"> {
    const { warped } = this;
    const intervalMs = intervalS * 1000 / (warped && waits ? WARP_FACTOR : 1);
    const roundMs = given ? intervalMs + 9000 : warped ? 20_000 : intervalMs + 30_000;
    return { intervalMs, roundMs, warped };
  }

  async #start(
    role: string,
    spec: RoleSpec,
    values: Values,
    waits: boolean,
    options: StartOptions,
  ) {
    if (this.#over) throw new Error("the case is over");
    const starting = this.#startNow(role, spec, values, waits, options);
    const done = starting.catch(() => {}).finally(() => this.#starting.delete(done));
    this.#starting.add(done);
    return await starting;
  }

  async #startNow(
    role: string,
    spec: RoleSpec,
    values: Values,
    waits: boolean,
    options: StartOptions,
  ) {
    const warped = waits && spec.idle === "warp" && this.attempt.warp &&
      await warpAvailable() !== null;
    if (waits && !warped && this.attempt.fast) {
      throw new CaseSkipped(
        'needs minutes of waiting; left out by --fast ("idle": "warp" and faketime would shrink it)',
      );
    }
    if (warped) this.warped = true;
    const started = await startRole({
      ...options,
      role,
      spec,
      values,
      warped,
      submission: this.implementation.folder,
      copy: join(this.folder, `${role}-${++this.#copies}`),
      folder: this.folder,
      isolation: this.#state.isolation,
      token: this.#token,
    });
    const { running } = started;
    this.processes.push(running);
    this.log.add("suite", `started ${role}: ${running.argv.join(" ")}`);
    running.exited.then(({ code, signal }) => {
      this.log.add(role, signal ? `ended by ${signal}` : `exited with code ${code}`);
    });
    return started;
  }

  async #listening(
    role: string,
    running: RunningProcess,
    spec: PortSpec,
    found: { readonly expected: number; readonly protocol: Protocol },
    patience: number = LISTEN_MS,
  ): Promise<void> {
    const { listened, silent } = this.#state;
    const hopeless = !listened.has(role) && (silent.get(role) ?? 0) >= 3;
    const deadlineMs = hopeless ? Math.min(patience, LISTEN_AGAIN_MS) : patience;
    try {
      await waitForPort(running, spec, { deadlineMs, ...found });
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
  async runToEnd(
    role: string,
    values: Values,
    deadlineMs: number,
    options: StartOptions & { readonly waits?: boolean } = {},
  ): Promise<Ended> {
    const spec = this.#role(role);
    const waits = options.waits === true;
    const { running, cwd, before } = await this.#start(role, spec, values, waits, options);
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

  /** Ends a program of the case, so that another may take its place. */
  async stop(running: RunningProcess): Promise<void> {
    // What had ended by itself stays a part of the evidence.
    if (!running.exit) this.#stopped.add(running);
    await running.kill();
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
    const { actual } = evidence;
    const told = this.#told(actual);
    if (!told) return new CaseFailure(message, evidence);
    // In front of the log, which may be long: on a terminal only the first of it is seen.
    const log = actual.lastIndexOf("\n--- the log:");
    const at = log < 0 ? actual.length : log;
    return new CaseFailure(message, {
      ...evidence,
      actual: `${actual.slice(0, at)}\n${told}${actual.slice(at)}`,
    });
  }

  /** What a program printed that has ended, or that goes on and wrote of a fault; unless it is known. */
  #told(known: string): string {
    const mine = this.processes.filter((one) => !this.#stopped.has(one));
    const crashed = mine.some(({ exit }) => exit && exit.code !== 0);
    const printed = crashed ? this.printed() : mine.map(faultsOf).filter(Boolean).join("\n");
    if (!printed || known.includes(printed)) return "";
    const how = crashed ? "the program ended, and had printed" : "the program wrote on stderr";
    return `--- ${how}:\n${printed.split("\n").slice(-15).join("\n")}`;
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
      // Whatever one of them does, the others have their turn: what stays open keeps the suite alive.
      try {
        await cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    removeFolder(this.folder);
    if (errors.length > 0) throw errors[0];
  }
}

/** A line that servers write for each request: `127.0.0.1 - - [...] "GET / HTTP/1.1" 200 -`. */
const ACCESS = /"[A-Z]+ \S+ HTTP\/1\.\d"/;
const FAULT = /Traceback|panic|(?:Error|Exception)\b/;

/** What a program wrote on stderr without its log of requests, where it is about a fault. */
function faultsOf(running: RunningProcess): string {
  const lines = running.output().stderr.trim().split("\n").filter((line) => !ACCESS.test(line));
  const text = lines.join("\n").slice(-4000);
  return FAULT.test(text) ? text : "";
}

/** How a role comes by its interval. */
interface Pace {
  readonly intervalS: number;
  /** It is told its interval. */
  readonly given: boolean;
  /** It has to wait for an interval that cannot be chosen. */
  readonly waits: boolean;
}

function paceOf(spec: RoleSpec, options: IntervalOptions): Pace {
  const usualS = options.usualIntervalS ?? DEFAULT_INTERVAL_S;
  const given = JSON.stringify(spec).includes("{interval}");
  const waits = options.waits === true;
  return {
    intervalS: waits && given ? options.intervalS ?? 1 : usualS,
    given,
    waits: waits && !given,
  };
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
