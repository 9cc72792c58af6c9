/** Where a case plays: a network of its own, UDP parties on it, and a record of what went over it. */
import { Buffer } from "node:buffer";
import { quietUdp } from "../../src/net/mod.ts";
import type { UdpAddress, UdpSocket } from "../../src/net/mod.ts";
import type { RecordedDatagram } from "../engine/datagram.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { PORT, takeNetwork } from "./network.ts";
import { datagramText } from "./seen-message.ts";

/** A socket of the suite's at which datagrams arrive and from which they are sent. */
export interface Party {
  /** `orchestrator`, `a`, `client 1`. */
  readonly name: string;
  readonly address: UdpAddress;
  send(bytes: Uint8Array, to: UdpAddress): void;
}

/**
 * `arrived` says when, in milliseconds of `performance.now()`. What it returns stands beside the
 * datagram in a capture.
 */
export type Arrival = (bytes: Buffer, from: UdpAddress, arrivedMs: number) => string | void;

export interface Stage {
  /** `127.20.30`. */
  readonly prefix: string;
  /** The address of a host of the network, at the protocol's port. */
  at(host: number): UdpAddress;
  /** `onDatagram` is told after the record is made. */
  party(name: string, at: UdpAddress, onDatagram: Arrival): Promise<Party>;
}

/** Opens a network for a case; it closes with it. */
export function openStage(context: CaseContext): Stage {
  const network = takeNetwork();
  context.onEnd(() => Promise.resolve(network.release()));
  return {
    prefix: network.prefix,
    at: (host) => ({ host: `${network.prefix}.${host}`, port: PORT }),
    party: (name, at, onDatagram) => openParty(context, name, at, onDatagram),
  };
}

/** A program that sends in a busy loop must fill neither memory nor the time of cases beside it. */
const MOST_DATAGRAMS = 20_000;

async function openParty(
  context: CaseContext,
  name: string,
  at: UdpAddress,
  onDatagram: Arrival,
): Promise<Party> {
  const { log, datagrams } = context;
  const socket: UdpSocket = await quietUdp.bind(at, (datagram, from) => {
    const arrivedMs = performance.now();
    if (datagrams.length >= MOST_DATAGRAMS) return tooMany(context);
    const bytes = Buffer.from(datagram);
    const recorded: { comment?: string } & RecordedDatagram = {
      atMs: Date.now(),
      from: { ...from },
      to: address,
      bytes,
    };
    datagrams.push(recorded);
    log.add(name, `got ${datagramText(bytes)}`);
    const comment = onDatagram(bytes, from, arrivedMs);
    if (typeof comment === "string") recorded.comment = comment;
    log.changed();
  });
  const address = { host: at.host, port: socket.port };
  context.onEnd(() => Promise.resolve(socket.close()));
  return {
    name,
    address,
    send(bytes, to) {
      datagrams.push({ atMs: Date.now(), from: address, to: { ...to }, bytes });
      log.add(name, `sends ${datagramText(bytes)}`);
      socket.send(bytes, to);
    },
  };
}

const flooded = new WeakSet<CaseContext>();

/** From here on nothing is seen or answered any more. */
function tooMany(context: CaseContext): void {
  if (flooded.has(context)) return;
  flooded.add(context);
  context.log.add(
    "suite",
    `more than ${MOST_DATAGRAMS} datagrams: what comes now is not looked at`,
  );
}
