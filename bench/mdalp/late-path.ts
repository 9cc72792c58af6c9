/**
 * A UDP driver whose arriving datagrams are late or lost, for measuring: never early, and late by
 * little more than they should be. A timer of 1.6 ms takes 1.1 on Bun and Node and 2.2 on Deno, so
 * timers are of whole milliseconds here and the rest is waited for awake.
 */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { runtime } from "../../src/net/mod.ts";
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

/** How late a timer of whole milliseconds is on a quiet machine, and a little more. */
const TIMER_LATE_MS = runtime === "deno" ? 1.25 : 0.25;

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
        const asleepMs = Math.floor(first.dueMs - performance.now() - TIMER_LATE_MS);
        if (asleepMs >= 1) timer = setTimeout(deliver, asleepMs);
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
