/**
 * Waits until a program listens, and finds its port again later.
 *
 * The kernel has no event for a bound port, so this is the one place that polls.
 */
import { NotListening, ProcessError } from "./errors.ts";
import { quote } from "./launch.ts";
import { addressOfPort, isListening, listeningOf, type Protocol } from "./ports.ts";
import { socketInodes } from "./proc.ts";
import type { RunningProcess } from "./process.ts";

/**
 * How a program's port is known: given to it, whichever it listens on, or printed by it (a regular
 * expression whose first group is the port; it is looked for on both streams).
 */
export type PortSpec = "given" | "listening" | { readonly stdout: string };

export interface WaitOptions {
  readonly deadlineMs: number;
  /** The port it was given; needed for "given". */
  readonly expected?: number;
  /** TCP unless said otherwise. */
  readonly protocol?: Protocol;
}

/** Where a program listens: the address as bound, so "0.0.0.0" or "::" for all of them. */
export interface Bound {
  readonly port: number;
  readonly address: string;
}

const FIRST_POLL_MS = 5;
const LAST_POLL_MS = 25;
const TAIL_CHARACTERS = 2000;

/**
 * The port each program was first seen on, so that one that opens a second port keeps its first.
 */
const seen = new WeakMap<RunningProcess, Bound>();

/**
 * Resolves once the program listens. Rejects with `NotListening` when it exits before, or when time
 * is up.
 */
export async function waitForPort(
  program: RunningProcess,
  spec: PortSpec,
  options: WaitOptions,
): Promise<Bound> {
  checkSpec(spec, options);
  const deadline = performance.now() + options.deadlineMs;
  let since = 0;
  let sockets = "";
  for (let pollMs = FIRST_POLL_MS;; pollMs = Math.min(LAST_POLL_MS, pollMs * 1.5)) {
    // One that has a new socket may listen on it: what was seen before says nothing of that.
    const before = sockets;
    sockets = socketInodes(program.pid).join();
    if (sockets !== before) since = performance.now();
    const bound = currentPort(program, spec, { ...options, since });
    if (bound !== null) return bound;
    if (program.exit !== null && program.tree().length === 0) {
      await program.finished;
      throw new NotListening(exitedMessage(program));
    }
    if (performance.now() >= deadline) {
      throw new NotListening(lateMessage(program, spec, options));
    }
    await pause(program, pollMs);
  }
}

/**
 * Where the program listens now, or null. Its first port counts while it is open; after that
 * another one it has bound since, or the last one it has printed.
 */
export function currentPort(
  program: RunningProcess,
  spec: PortSpec,
  options: Pick<WaitOptions, "expected" | "protocol"> & { readonly since?: number } = {},
): Bound | null {
  const protocol = options.protocol ?? "tcp";
  if (spec === "given") {
    const port = options.expected!;
    // Saves a walk over all processes while the one port that matters is still closed.
    if (!isListening(port, protocol, options.since)) return null;
    const address = addressOfPort(program.tree(), port, protocol, options.since);
    return address === undefined ? null : { port, address };
  }
  const wanted = wantedPorts(program, spec);
  if (wanted?.length === 0) return null;
  const open = listeningOf(program.tree(), options.since).filter((socket) =>
    socket.protocol === protocol
  );
  const first = seen.get(program);
  const candidates = wanted === null
    ? [open.find(({ port }) => port === first?.port), open[0]]
    : wanted.map((port) => open.find((socket) => socket.port === port));
  const found = candidates.find((candidate) => candidate !== undefined);
  if (found === undefined) return null;
  const bound = { port: found.port, address: found.address };
  if (!open.some(({ port }) => port === first?.port)) seen.set(program, bound);
  return bound;
}

/** The ports that count, the best first; null for any. */
function wantedPorts(
  program: RunningProcess,
  spec: Exclude<PortSpec, "given">,
): number[] | null {
  if (spec === "listening") return null;
  const { stdout, stderr } = program.output();
  const pattern = new RegExp(spec.stdout, "gm");
  // The last match first: after a re-bind the older lines are history, and a line read in part
  // ("port 12") is no match.
  const printed = [...stderr.matchAll(pattern), ...stdout.matchAll(pattern)].reverse();
  const ports = printed.map((match) => Number(match[1]));
  const first = seen.get(program)?.port;
  return first !== undefined && ports.includes(first) ? [first, ...ports] : ports;
}

function checkSpec(spec: PortSpec, { expected }: WaitOptions): void {
  if (spec === "given" && expected === undefined) {
    throw new ProcessError("failed", 'port "given" needs the expected port: pass {port} to "run"');
  }
  if (typeof spec === "string") return;
  // An empty alternative always matches, and so shows how many groups the pattern has.
  const groups = new RegExp(`${spec.stdout}|`).exec("")!.length - 1;
  if (groups === 0) {
    throw new ProcessError(
      "failed",
      `port pattern ${
        quote(spec.stdout)
      } has no group: put the number in parentheses, as in "port (\\\\d+)"`,
    );
  }
}

/** Until the next poll, or until the program prints something or exits. */
function pause(program: RunningProcess, ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(wake, ms);
    const forget = program.onOutput(wake);
    if (program.exit === null) program.exited.then(wake);
    function wake() {
      clearTimeout(timer);
      forget();
      done();
    }
  });
}

function exitedMessage(program: RunningProcess): string {
  const { code, signal } = program.exit!;
  const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
  return `${name(program)} ${how} before it listened.${tail(program)}`;
}

function lateMessage(program: RunningProcess, spec: PortSpec, options: WaitOptions): string {
  const { deadlineMs, expected, protocol = "tcp" } = options;
  const open = listeningOf(program.tree());
  const listens = open.map((one) => `${one.protocol} ${one.address} port ${one.port}`).join(", ");
  const where = spec === "given"
    ? ` on ${protocol} port ${expected}`
    : spec === "listening"
    ? ` on any ${protocol} port`
    : ` on a ${protocol} port that ${quote(spec.stdout)} finds in its output`;
  const held = spec === "given" && isListening(expected!, protocol)
    ? ` Another program holds port ${expected}.`
    : "";
  return `${name(program)} never listened${where} within ${deadlineMs / 1000} s` +
    `${listens === "" ? "" : `, but listens on ${listens}`}.${held}${tail(program)}`;
}

function name(program: RunningProcess): string {
  return program.argv.map((word) => /^[\w./:=-]{1,80}$/.test(word) ? word : quote(word)).join(" ")
    .slice(0, 200);
}

/** The end of what was printed, on lines of its own. */
function tail(program: RunningProcess): string {
  const { stdout, stderr } = program.output();
  const parts = [["stdout", stdout], ["stderr", stderr]] as const;
  const shown = parts.filter(([, text]) => text.trim() !== "")
    .map(([stream, text]) => `\n${stream}:\n${text.trimEnd().slice(-TAIL_CHARACTERS)}`);
  return shown.length === 0 ? " It printed nothing." : shown.join("");
}
