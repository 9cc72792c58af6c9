/**
 * Addresses for MDALP's fixed port: each case has its own 127.x.y.0/24, so that all orchestrators and
 * receivers of a host can listen on one port. Source: DESIGN, "Manifest", Fixed ports.
 */
import { randomInt } from "node:crypto";
import { addressesAt } from "../engine/process/mod.ts";

/** The port of orchestrator and receivers; spec/mdalp, "Messages". */
export const PORT = 4650;

const FIRST = 16;
const LAST = 239;
const COUNT = (LAST - FIRST + 1) * 256;

const taken = new Set<number>();
/** Begins anywhere, so that two suites on one host rarely meet. */
let next = randomInt(COUNT);

export interface Network {
  /** `127.20.30`; the hosts are .1 and up. */
  readonly prefix: string;
  release(): void;
}

/** A network on which nobody listens at the port; `held` gives the addresses where somebody does. */
export function takeNetwork(
  held: () => readonly string[] = () => addressesAt(PORT, "udp"),
): Network {
  const addresses = held();
  if (addresses.some((address) => WILDCARDS.has(address))) {
    throw new Error(
      `a program holds UDP port ${PORT} on all addresses, so nobody else can listen there; ` +
        `end it (ss -lunp 'sport = :${PORT}' shows it)`,
    );
  }
  const busy = new Set(addresses.map((address) => address.slice(0, address.lastIndexOf("."))));
  for (let looked = 0; looked < COUNT; looked++) {
    const number = next;
    next = (next + 1) % COUNT;
    const prefix = `127.${FIRST + (number >> 8)}.${number & 0xff}`;
    if (taken.has(number) || busy.has(prefix)) continue;
    taken.add(number);
    return { prefix, release: () => void taken.delete(number) };
  }
  throw new Error(`all ${COUNT} networks of 127.0.0.0/8 are in use; run fewer jobs at once`);
}

const WILDCARDS = new Set(["0.0.0.0", "::"]);
