/** Faults on the wire: UDP drivers that stand between a reference and its peers. */
import { Buffer } from "node:buffer";
import type { UdpDriver, UdpSocket } from "../../src/net/mod.ts";

/** What arrives is taken by `take`, which may pass it on, answer it itself, or end the process. */
export function arriving(
  driver: UdpDriver,
  take: (
    datagram: Buffer,
    pass: (datagram: Uint8Array) => void,
    answer: (datagram: Uint8Array) => void,
  ) => void,
): UdpDriver {
  return {
    async bind(at, onDatagram) {
      const socket: UdpSocket = await driver.bind(at, (datagram, from) => {
        take(
          Buffer.from(datagram),
          (passed) => onDatagram(passed, from),
          (bytes) => socket.send(bytes, from),
        );
      });
      return socket;
    },
  };
}

/** What is sent leaves from a second socket, on another port of the same address. */
export function sendingFromAnotherPort(driver: UdpDriver): UdpDriver {
  return {
    async bind(at, onDatagram) {
      const socket = await driver.bind(at, onDatagram);
      const other = await driver.bind({ host: at.host, port: 0 }, () => {});
      return {
        address: socket.address,
        port: socket.port,
        send: (datagram, to) => other.send(datagram, to),
        close() {
          other.close();
          socket.close();
        },
      };
    },
  };
}
