/** `steelyard run proxy proxy`. */
import process from "node:process";
import {
  Health,
  proxyParts,
  serveControl,
  startProxy,
  STRATEGIES,
  UpstreamTable,
  usageOf,
  usageText,
} from "../proxy/mod.ts";
import type { ProxyParts, Usage } from "../proxy/mod.ts";
import { randomSource } from "../redirect/mod.ts";
import type { Log } from "../redirect/mod.ts";
import { foregroundLog, runUntilStopped } from "./foreground.ts";
import { startedOr3 } from "./proxy-environment.ts";
import { PROXY_OPTIONS, proxySettings } from "./proxy-options.ts";
import type { ProxySettings } from "./proxy-options.ts";
import type { RoleCommand } from "./role-command.ts";
import { showUsage } from "./show-usage.ts";

/** What the role is made of; another part changes one thing that it does. */
export interface ProxyCommandParts {
  readonly start: typeof startProxy;
  readonly proxy: ProxyParts;
  readonly strategies: typeof STRATEGIES;
  readonly usageText: (usage: Usage) => string;
}

export const proxyCommandParts: ProxyCommandParts = {
  start: startProxy,
  proxy: proxyParts,
  strategies: STRATEGIES,
  usageText,
};

export function proxyCommand(parts: ProxyCommandParts = proxyCommandParts): RoleCommand {
  return {
    usage: "[HOST[:PORT] ...]",
    summary: "forwards each request to the server that a state file or its strategy names",
    options: PROXY_OPTIONS,
    example: "steelyard run proxy proxy --state /tmp/selected_server --port 8000 --stats 5",
    run: (args, options) =>
      startedOr3(() => {
        const settings = proxySettings(args, options);
        // Lines between two drawings would tear the table.
        const quiet = settings.show.table && process.stdout.isTTY && options["log"] === undefined;
        const log = foregroundLog(quiet ? { log: "none" } : options);
        return runUntilStopped(() => start(settings, log, parts), log);
      }),
  };
}

async function start(settings: ProxySettings, log: Log, parts: ProxyCommandParts) {
  const now = () => performance.now();
  const startedMs = now();
  const table = new UpstreamTable();
  const listed = settings.servers.map((address) => table.at(address));
  const { restMs } = settings;
  const health = new Health({ now, ...(restMs === undefined ? {} : { restMs }) });
  const usage = () => usageOf(table.all(), health, now() - startedMs);
  const { host, port, connectMs, answerMs, statePath, intervalMs } = settings;
  const strategy = parts.strategies[settings.strategy]({
    listed,
    table,
    random: randomSource(settings.seed),
    now,
    statePath,
    ...(intervalMs === undefined ? {} : { intervalMs }),
    log,
  });
  const limits = { connectMs, answerMs };
  const server = { host, port, strategy, listed, table, health, ...limits, log };
  const proxy = await parts.start(server, parts.proxy).catch((error) => {
    strategy.close?.();
    throw error;
  });
  const closeControl = await openControl(settings.control, usage).catch(async (error) => {
    await proxy.close();
    throw error;
  });
  const endShow = showUsage(settings.show, usage, parts.usageText);
  return {
    address: proxy.address,
    port: proxy.port,
    close: async () => {
      await closeControl();
      await proxy.close();
      endShow();
    },
  };
}

/** Returns how to close it. */
async function openControl(
  at: ProxySettings["control"],
  usage: () => Usage,
): Promise<() => Promise<void>> {
  if (!at) return () => Promise.resolve();
  const { address, port, close } = await serveControl(at, usage);
  const host = address.includes(":") ? `[${address}]` : address;
  process.stdout.write(`control on http://${host}:${port}\n`);
  return close;
}
