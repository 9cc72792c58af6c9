/**
 * Round-trip times where there is no `ping`: a TCP connection takes one round trip to be accepted or
 * refused, whether or not anything listens, and needs no privilege.
 */
import { NetError, nodeTcp } from "../net/mod.ts";
import type { TcpDriver } from "../net/mod.ts";

/** An odd number, so that one of them is the median; a first one also finds the way (ARP). */
const TRIES = 3;
/** Slower than any path seen; a firewall that drops what is not asked for costs this once. */
const LIMIT_MS = 3000;

/**
 * The median of a few connections, in milliseconds; undefined when one gets neither answer. Aborting
 * keeps it from trying on.
 */
export async function connectTime(
  host: string,
  port: number,
  signal?: AbortSignal,
  driver: TcpDriver = nodeTcp,
  limitMs: number = LIMIT_MS,
): Promise<number | undefined> {
  const took: number[] = [];
  for (let i = 0; i < TRIES && !signal?.aborted; i++) {
    const started = performance.now();
    if (!await answers(host, port, driver, limitMs)) return undefined;
    took.push(performance.now() - started);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(TRIES / 2)];
}

async function answers(host: string, port: number, driver: TcpDriver, timeoutMs: number) {
  try {
    await driver.connect({ host, port, timeoutMs }, (socket) => {
      socket.destroy();
      return { onData() {} };
    });
    return true;
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    return error.code === "ECONNREFUSED" || error.code === "ECONNRESET";
  }
}
