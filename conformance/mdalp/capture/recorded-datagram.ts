/** A UDP datagram that was seen to be sent or received, whoever saw it: a stand-in or a capture. */
import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import type { Datagram, Traffic } from "./datagrams.ts";

export interface RecordedDatagram {
  /** Milliseconds since 1970, with fractions; or since some start that the writer is told. */
  readonly atMs: number;
  readonly from: RecordedEndpoint;
  readonly to: RecordedEndpoint;
  /** The payload, without IP and UDP headers. */
  readonly bytes: Uint8Array;
  /** What is to be said of it, such as `dropped by the stand-in`. */
  readonly comment?: string;
}

export interface RecordedEndpoint {
  /** An IPv4 or IPv6 address; no name. */
  readonly host: string;
  readonly port: number;
}

/** What the judge of captures works on, from what a stand-in recorded. */
export function trafficOf(recorded: readonly RecordedDatagram[]): Traffic {
  const datagrams = recorded.map(({ atMs, from, to, bytes, comment }) => ({
    timeS: atMs / 1000,
    source: { address: from.host, port: from.port },
    destination: { address: to.host, port: to.port },
    payload: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    cut: false,
    ...(comment === undefined ? {} : { comment }),
  }));
  return { datagrams, echoes: [] };
}

export function recordedOf({ timeS, source, destination, payload, comment }: Datagram) {
  return {
    atMs: timeS * 1000,
    from: { host: source.address, port: source.port },
    to: { host: destination.address, port: destination.port },
    bytes: payload,
    ...(comment === undefined ? {} : { comment }),
  } satisfies RecordedDatagram;
}

/** Throws a RangeError that names what no UDP datagram can have. */
export function checkEndpoint({ host, port }: RecordedEndpoint): void {
  if (isIP(host) === 0) throw new RangeError(`${JSON.stringify(host)} is no IP address`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`port ${port} is not in 0..65535`);
  }
}
