/** Round-trip times by the system's own `ping`, as the published client has them. */
import { execFile } from "node:child_process";

/** How many echoes are averaged. */
const ECHOES = 3;
const LIMIT_MS = 15_000;

/** The mean of `min/avg/max` in what ping prints (iputils and BusyBox, BSD), in milliseconds. */
export function readPing(output: string): number | undefined {
  const summary = /(?:rtt|round-trip)[^=]*=\s*[\d.]+\/([\d.]+)\//.exec(output);
  const mean = Number(summary?.[1]);
  return summary && mean > 0 ? mean : undefined;
}

/** Undefined where there is no ping, or no echo came back. */
export function ping(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile("ping", ["-c", String(ECHOES), address], { timeout: LIMIT_MS }, (_error, stdout) => {
      resolve(readPing(stdout));
    });
  });
}
