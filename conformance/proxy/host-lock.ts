/**
 * One suite at a time on this host, for what all programs of the lab share: a file in /tmp and a port.
 * A listening socket is the lock, since it is gone with the process that held it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { NetError, nodeTcp } from "../../src/net/mod.ts";

export interface LockAddress {
  readonly host: string;
  readonly port: number;
}

/** An address of the loopback net that nothing else uses, below the ports of cases. */
const LOCK: LockAddress = { host: "127.83.84.76", port: 19_746 };

const AGAIN_MS = 50;

/**
 * Waits for the lock; the function it gives lets it go. Where the host has no such address there is
 * no lock, and suites at the same time may disturb each other.
 */
export async function hostLock(address: LockAddress = LOCK): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const held = await nodeTcp.listen(address, (socket) => {
        socket.destroy();
        return { onData: () => {} };
      });
      return () => held.close();
    } catch (error) {
      if (!(error instanceof NetError) || error.code !== "EADDRINUSE") {
        return () => Promise.resolve();
      }
      await delay(AGAIN_MS);
    }
  }
}
