/**
 * A UDP driver whose arriving datagrams are late or lost, from a seed: for trying the protocol out on
 * one host, where there is neither latency nor loss.
 */
import { Buffer } from "node:buffer";
import type { UdpDriver } from "../net/mod.ts";

export interface Impairment {
  /** Milliseconds that each arriving datagram is late. */
  readonly delayMs: number;
  /** The share of arriving datagrams that is lost, 0 to 1. */
  readonly loss: number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

export function impaired(driver: UdpDriver, { delayMs, loss, random }: Impairment): UdpDriver {
  return {
    async bind(at, onDatagram) {
      const late = new Set<ReturnType<typeof setTimeout>>();
      const socket = await driver.bind(at, (datagram, from) => {
        if (random() < loss) return;
        const copy = Buffer.from(datagram);
        const timer = setTimeout(() => {
          late.delete(timer);
          onDatagram(copy, from);
        }, delayMs);
        late.add(timer);
      });
      return {
        address: socket.address,
        port: socket.port,
        send: (datagram, to) => socket.send(datagram, to),
        close() {
          for (const timer of late) clearTimeout(timer);
          socket.close();
        },
      };
    },
  };
}
