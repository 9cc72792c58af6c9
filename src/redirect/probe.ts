/** One performance test of one server: redirect.balancer.times-whole-transfer. */
import { hostField, request, writeRequestHead } from "../http1/mod.ts";
import type { Upstream } from "./upstream.ts";

/** Milliseconds after which a server that does not finish counts as down. */
export const PROBE_LIMIT_MS = 5000;

/**
 * Fetches the path and returns the milliseconds from before the connection to the last byte.
 * Rejects when the server is down, silent or answers what is not HTTP; any status will do, since
 * the time of a 404 says as much of a server as that of a file.
 */
export async function probe(
  upstream: Upstream,
  path: string,
  limitMs = PROBE_LIMIT_MS,
): Promise<number> {
  const message = writeRequestHead("GET", path, [
    { name: "Host", value: hostField(upstream) },
    { name: "Connection", value: "close" },
  ]);
  const start = performance.now();
  await request(
    { ...upstream, message, connectMs: limitMs, idleMs: limitMs, totalMs: limitMs },
    { onHead() {} },
  );
  return performance.now() - start;
}
