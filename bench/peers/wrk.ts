/** Load on a URL by wrk: one thread, fifty connections. */
import type { Lifetime } from "../lifetime.ts";

/** What wrk said of one run. */
export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
}

/** A run whose rate says nothing: it met errors, or answers of the wrong status. */
export class WrkError extends Error {
  readonly code = "wrk";
}

/** Reads wrk's report; refuses one with errors in it. */
export function parseWrk(report: string): WrkResult {
  const rate = /^Requests\/sec:\s+([\d.]+)\s*$/m.exec(report);
  const requests = /^\s*(\d+) requests in /m.exec(report);
  if (!rate || !requests) {
    throw new WrkError(`no rate in what wrk wrote: ${JSON.stringify(report.slice(0, 300))}`);
  }
  const wrong = /^\s*(?:Socket errors|Non-2xx or 3xx responses):.*$/m.exec(report);
  if (wrong) {
    throw new WrkError(`wrk met errors, so that its rate says nothing: ${wrong[0].trim()}`);
  }
  if (Number(requests[1]) === 0) throw new WrkError("wrk got no answer at all");
  return { requests: Number(requests[1]), requestsPerSecond: Number(rate[1]) };
}

export function wrkCommand(url: string, seconds: number): string[] {
  return ["wrk", "-t1", "-c50", `-d${seconds}s`, url];
}

/** Requests a second. */
export async function requestRate(life: Lifetime, url: string, seconds: number): Promise<number> {
  return parseWrk(await life.run(wrkCommand(url, seconds))).requestsPerSecond;
}
