/** What `steelyard run proxy proxy` is told, read and checked. */
import { isIPv6 } from "node:net";
import {
  readState,
  STATE_PATH,
  stateAddress,
  StateFileError,
  STRATEGY_NAMES,
} from "../proxy/mod.ts";
import type { StrategyName } from "../proxy/mod.ts";
import { readServers } from "./proxy-servers.ts";
import type { RoleCommand } from "./role-command.ts";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

const PORTS = { least: 0, most: 65535 };

/** As the lab's proxy, which waits 2 s for a connection and 2 s for each part of an answer. */
const LIMIT_MS = 2000;

/** Those that choose at times. */
const TIMED: readonly StrategyName[] = ["random-load", "history"];

export const PROXY_OPTIONS: RoleCommand["options"] = [
  ["--config <file>", "a file with one HOST[:PORT] a line, besides those of the command line"],
  ["--strategy <name>", `${STRATEGY_NAMES.join(", ")} (default: file, round-robin with servers)`],
  ["--state <file>", `for strategy file: where a selector writes (default: ${STATE_PATH})`],
  ["--interval <seconds>", "for random-load and history: between two choices (default: 5, 1)"],
  ["--host <address>", "the address to listen on (default: 127.0.0.1)"],
  ["--port <number>", "the port to listen on; 0 lets the system choose (default: 0)"],
  ["--timeout <seconds>", "how long a server may be silent while it is waited for (default: 2)"],
  ["--connect-timeout <seconds>", "how long a connection to a server may take (default: 2)"],
  [
    "--rest <seconds>",
    "how long a server that failed gets nothing at first; 0 for none (default: 1)",
  ],
  ["--stats <seconds>", "prints each server's requests so often, and at the end"],
  ["--table", "shows each server's requests, redrawn every second on a terminal"],
  ["--control <host:port>", "gives the counts over HTTP there: / as text, /stats as JSON"],
  ["--seed <number>", "draws the same servers each time (default: at random)"],
  ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
];

export interface ProxySettings {
  readonly host: string;
  readonly port: number;
  readonly servers: readonly string[];
  readonly strategy: StrategyName;
  readonly statePath: string;
  readonly intervalMs: number | undefined;
  readonly answerMs: number;
  readonly connectMs: number;
  readonly restMs: number | undefined;
  readonly show: { readonly statsMs?: number; readonly table?: boolean };
  readonly control: { readonly host: string; readonly port: number } | undefined;
  readonly seed: number | undefined;
}

/**
 * @throws {UsageError} for values out of bounds, and for options that do not belong together.
 * @throws {StateFileError} for a state file that is there and may not be read.
 */
export function proxySettings(
  args: readonly string[],
  options: Record<string, unknown>,
): ProxySettings {
  const servers = readServers(args, text(options, "config"));
  const state = text(options, "state");
  const strategy = oneOf(options, "strategy", STRATEGY_NAMES) ??
    (state === undefined && servers.length > 0 ? "round-robin" : "file");
  if (state !== undefined && strategy !== "file") {
    throw new UsageError(
      `--state belongs to --strategy file, not ${strategy}; leave one of them out`,
    );
  }
  if (strategy !== "file" && servers.length === 0) {
    throw new UsageError(
      `--strategy ${strategy} has no servers; name them as HOST:PORT or in a file with --config`,
    );
  }
  const intervalMs = secondsAsMs(options, "interval");
  if (intervalMs !== undefined && !TIMED.includes(strategy)) {
    const timed = TIMED.join(" and ");
    throw new UsageError(`--interval belongs to ${timed}, not ${strategy}; leave it out`);
  }
  const host = hostOf(text(options, "host") ?? "127.0.0.1");
  const port = wholeNumber(options, "port", PORTS) ?? 0;
  refuseItself(servers, host, port);
  if (strategy === "file") refuseUnreadable(state ?? STATE_PATH);
  return {
    host,
    port,
    servers,
    strategy,
    statePath: state ?? STATE_PATH,
    intervalMs,
    answerMs: secondsAsMs(options, "timeout") ?? LIMIT_MS,
    connectMs: secondsAsMs(options, "connectTimeout") ?? LIMIT_MS,
    restMs: text(options, "rest") === "0" ? 0 : secondsAsMs(options, "rest"),
    show: showing(options),
    control: controlAddress(text(options, "control")),
    seed: wholeNumber(options, "seed", { least: 0, most: 0xffffffff }),
  };
}

function hostOf(given: string): string {
  const host = given.replace(/^\[(.*)\]$/, "$1");
  // A port behind it would be taken for a part of the name.
  if (isIPv6(host) || (stateAddress(given) !== undefined && !given.includes(":"))) return host;
  throw new UsageError(
    `--host ${JSON.stringify(given)} is no address; give one of this host's, as 127.0.0.1, ` +
      "and the port with --port",
  );
}

/** Each request would come back to be sent again. */
function refuseItself(servers: readonly string[], host: string, port: number): void {
  const own = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  if (port === 0 || !servers.includes(own)) return;
  throw new UsageError(`${own} is the proxy itself; leave it out, or give another --port`);
}

/** A selector may write the file later; what is no file will not become one. */
function refuseUnreadable(path: string): void {
  const found = readState(path);
  if (found.problem === undefined) return;
  const { problem, detail } = found;
  const shown = JSON.stringify(path);
  if (problem === "no-file") {
    throw new UsageError(`--state ${shown}: ${detail}; give the file that a selector writes`);
  }
  if (problem === "unreadable") {
    const advice = "make it readable or give another --state";
    throw new StateFileError(detail, `cannot read ${shown}: ${detail}; ${advice}`);
  }
}

function showing(options: Record<string, unknown>): ProxySettings["show"] {
  const statsMs = secondsAsMs(options, "stats");
  const table = options["table"] === true;
  if (statsMs === undefined) return { table };
  if (!table) return { statsMs };
  throw new UsageError("--stats and --table both print on standard output; leave one of them out");
}

function controlAddress(given: string | undefined): ProxySettings["control"] {
  if (given === undefined) return undefined;
  const [matched, host = "", port] = /^(\[[0-9A-Fa-f:.]+\]|[^:]+):(\d{1,5})$/.exec(given) ?? [];
  if (matched !== undefined && Number(port) <= PORTS.most) {
    return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  }
  throw new UsageError(
    `--control ${JSON.stringify(given)} is not HOST:PORT with a port in 0..${PORTS.most}`,
  );
}
