/** What every role that runs in the foreground shares: its log, its start line, its clean stop. */
import process from "node:process";
import { createLog } from "../redirect/mod.ts";
import type { Log, LogFormat } from "../redirect/mod.ts";
import { stopSignal } from "./stop-signal.ts";
import { oneOf } from "./usage.ts";

export { stopSignal };

export const LOG_FORMATS: readonly LogFormat[] = ["text", "json", "none"];

/** The log that `--log` asks for, on standard error. */
export function foregroundLog(options: Record<string, unknown>): Log {
  const format = oneOf(options, "log", LOG_FORMATS) ?? "text";
  return createLog(format, (line) => process.stderr.write(line));
}

/** Runs a listening role until it is told to stop. */
export async function runUntilStopped(
  start: () => Promise<{ address: string; port: number; close(): Promise<void> }>,
  log: Log,
): Promise<number> {
  const stopped = stopSignal();
  const server = await start();
  const host = server.address.includes(":") ? `[${server.address}]` : server.address;
  process.stdout.write(`listening on http://${host}:${server.port}\n`);
  log("stopping", { signal: await stopped });
  await server.close();
  return 0;
}
