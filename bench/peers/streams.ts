/**
 * A large file read by several clients at once. The reader is curl to /dev/null, the same for every
 * server: it is no program of ours, and it reads as fast as the kernel hands out.
 */
import type { Lifetime } from "../lifetime.ts";

export const FILE_BYTES = 100_000_000;
export const STREAMS = 4;

/** A transfer that was not what was asked for. */
export class StreamError extends Error {
  readonly code = "stream";
}

/** curl's command to read a URL so many times on one connection, saying what it got. */
export function readerCommand(url: string, times: number): string[] {
  const one = ["-o", "/dev/null", url];
  const all = Array.from({ length: times }, () => one).flat();
  return ["curl", "--silent", "--show-error", "--noproxy", "*"].concat(
    "--write-out",
    "%{http_code} %{size_download}\n",
    all,
  );
}

/** Checks that each transfer was a 200 of the whole file. */
export function checkReader(report: string, times: number): void {
  const whole = `200 ${FILE_BYTES}`;
  const lines = report.trim().split("\n");
  const wrong = lines.find((line) => line !== whole);
  if (wrong !== undefined) {
    throw new StreamError(`a transfer was ${JSON.stringify(wrong)} and not ${whole}`);
  }
  if (lines.length !== times) throw new StreamError(`${lines.length} transfers and not ${times}`);
}

/** Bytes a second over all clients, from the first start to the last end. */
export async function streamRate(life: Lifetime, url: string, times: number): Promise<number> {
  const started = performance.now();
  const clients = Array.from({ length: STREAMS }, () => life.run(readerCommand(url, times)));
  for (const report of await Promise.all(clients)) checkReader(report, times);
  return STREAMS * times * FILE_BYTES / ((performance.now() - started) / 1000);
}
