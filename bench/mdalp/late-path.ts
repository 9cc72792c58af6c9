/**
 * A UDP driver whose arriving datagrams are late or lost, for measuring: never early, and late by
 * little more than they should be. A timer alone is up to 1 ms early on Bun and Node and 1 ms late on
 * Deno, which at 1.6 ms would be most of the figure; so its last part is waited for awake.
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import type { UdpAddress, UdpDriver } from "../../src/net/mod.ts";

export interface LatePath {
  /** Milliseconds that each arriving datagram is late. */
  readonly delayMs: number;
  /** The share of arriving datagrams that is lost, 0 to 1. */
  readonly loss: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Told of each datagram that is lost. */
  readonly onLost: () => void;
}

/** More than a timer may be late. */
const AWAKE_MS = 2;

interface Arrived {
  readonly dueMs: number;
  readonly datagram: Buffer;
  readonly from: UdpAddress;
}

export function latePath(driver: UdpDriver, path: LatePath): UdpDriver {
  return {
    async bind(at, onDatagram) {
      // All are late by the same time, so that the first to come is the first to go on.
      let queue: Arrived[] = [];
      let waits = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const wait = () => {
        const [first] = queue;
        waits = first !== undefined;
        if (!first) return;
        const leftMs = first.dueMs - performance.now();
        if (leftMs > AWAKE_MS) timer = setTimeout(deliver, leftMs - AWAKE_MS);
        else setImmediate(deliver);
      };
      const deliver = () => {
        const nowMs = performance.now();
        while (queue[0] && queue[0].dueMs <= nowMs) {
          const { datagram, from } = queue.shift() as Arrived;
          onDatagram(datagram, from);
        }
        wait();
      };
      const socket = await driver.bind(at, (datagram, from) => {
        if (path.random() < path.loss) return path.onLost();
        const dueMs = performance.now() + path.delayMs;
        queue.push({ dueMs, datagram: Buffer.from(datagram), from: { ...from } });
        if (!waits) wait();
      });
      return {
        address: socket.address,
        port: socket.port,
        send: (datagram, to) => socket.send(datagram, to),
        close() {
          clearTimeout(timer);
          queue = [];
          socket.close();
        },
      };
    },
  };
}
