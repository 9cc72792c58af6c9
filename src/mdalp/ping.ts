/** Round-trip times by the system's own `ping`, as the published client has them. */
import { execFile } from "node:child_process";
import process from "node:process";

/** How many echoes are averaged. */
const ECHOES = 3;
const LIMIT_MS = 15_000;

/**
 * The mean of `min/avg/max` in what ping prints (iputils, BusyBox, inetutils, BSD and macOS), in
 * milliseconds; undefined where no echo came back.
 */
export function readPing(output: string): number | undefined {
  const summary = /(?:rtt|round-trip)[^=]*=\s*[\d.]+\/([\d.]+)\//.exec(output);
  const mean = Number(summary?.[1]);
  return summary && mean >= 0 ? mean : undefined;
}

/** Undefined where there is no ping, or no echo came back. Aborting ends the program. */
export function ping(address: string, signal?: AbortSignal): Promise<number | undefined> {
  // Other locales translate the words, and write 0,5 for a half.
  const env = { ...process.env, LC_ALL: "C" };
  const options = { timeout: LIMIT_MS, env, ...(signal ? { signal } : {}) };
  return new Promise((resolve) => {
    execFile("ping", ["-c", String(ECHOES), address], options, (_error, stdout) => {
      resolve(readPing(String(stdout ?? "")));
    });
  });
}
