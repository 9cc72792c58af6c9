/**
 * Addresses for MDALP's fixed port: each case has its own 127.x.y.0/24, so that all orchestrators and
 * receivers of a host can listen on one port. Source: DESIGN, "Manifest", Fixed ports.
 */
import { randomInt } from "node:crypto";
import { nodeUdp } from "../../src/net/mod.ts";

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

/** A network on whose first hosts nothing listens on the port. */
export async function takeNetwork(hosts: number): Promise<Network> {
  for (let looked = 0; looked < COUNT; looked++) {
    const number = next;
    next = (next + 1) % COUNT;
    if (taken.has(number)) continue;
    taken.add(number);
    const prefix = `127.${FIRST + (number >> 8)}.${number & 0xff}`;
    const release = () => void taken.delete(number);
    if (await isFree(prefix, hosts)) return { prefix, release };
    release();
    if (looked >= MOST_TRIES) break;
  }
  throw new Error(
    `UDP port ${PORT} is taken on every address that was tried: ` +
      `a program holds it on 0.0.0.0; end it (ss -lunp 'sport = :${PORT}')`,
  );
}

/** Somebody on 0.0.0.0 is in the way on all of them. */
const MOST_TRIES = 50;

async function isFree(prefix: string, hosts: number): Promise<boolean> {
  for (let host = 1; host <= hosts; host++) {
    try {
      (await nodeUdp.bind({ host: `${prefix}.${host}`, port: PORT }, () => {})).close();
    } catch {
      return false;
    }
  }
  return true;
}
