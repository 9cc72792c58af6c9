/** The servers' process: an orchestrator and impaired receivers for each transfer, at addresses of its own. */
import process from "node:process";
import { lossesTo } from "../../src/mdalp/loopback-transfer.ts";
import { startLoopbackServers } from "../../src/mdalp/loopback-servers.ts";
import type { LoopbackAddresses, LoopbackServers } from "../../src/mdalp/loopback-servers.ts";
import { joinParts, PAYLOAD_BYTES, receiverParts } from "../../src/mdalp/mod.ts";
import type { Reassembly, ReceiverParts } from "../../src/mdalp/mod.ts";
import { orAborted } from "../../src/mdalp/or-aborted.ts";
import { NetError, udp } from "../../src/net/mod.ts";
import { latePath } from "./late-path.ts";
import { payloadOf } from "./payload.ts";

/** What a transfer goes over. */
export interface Serving {
  readonly id: number;
  readonly latenciesMs: readonly number[];
  /** The share of data packets that is lost, 0 to 1. */
  readonly loss: number;
  readonly seed: number;
  /** Of the payload, which `payloadOf` makes. */
  readonly bytes: number;
}

/** How a transaction ended. */
export interface Served {
  readonly result: string;
  /** That the receivers have. */
  readonly bytes: number;
  /** Of what the orchestrator joined; null where it is incomplete. */
  readonly sha256: string | null;
  /** Different packets that each receiver took. */
  readonly packets: readonly number[];
  /** Data packets that were lost on the way, by the seed. */
  readonly lost: number;
  /** Where what the receivers have differs from what was sent, from 0; null where it does not. */
  readonly differsAt: number | null;
}

/** A transfer is given up after so long, which is well above the longest one. */
const LIMIT_MS = 900_000;
/** 127.241.0.0 to 127.254.255.0: the suite, the demo and the other measurements use lower ones. */
const FIRST_NETWORK = 241;
const NETWORKS = 14 * 256;
/** Another program may have taken a port of an address. */
const TRIES = 20;

/** Begins where no other process of the same time does. */
let next = process.pid % NETWORKS;

interface Open {
  readonly servers: LoopbackServers;
  readonly serving: Serving;
  readonly watch: Watch;
  /** Rejects the wait for an outcome. */
  readonly ended: AbortController;
}

/** What the receivers see. */
interface Watch {
  lost: number;
  /** What each receiver has of the transfer. */
  readonly kept: Set<Reassembly>;
}

/** What the servers' process can be told. Other parts make receivers that fail in some way. */
export function servingServices(parts: ReceiverParts = receiverParts) {
  const open = new Map<number, Open>();
  const found = (id: number): Open => {
    const one = open.get(id);
    if (one) return one;
    throw new Error(`no transfer ${id} is served; serve it first`);
  };
  return {
    /** Starts the servers of one transfer. */
    async serve(serving: Serving): Promise<LoopbackAddresses> {
      const watch: Watch = { lost: 0, kept: new Set() };
      const servers = await start(serving, watch, watching(watch, parts));
      open.set(serving.id, { servers, serving, watch, ended: new AbortController() });
      const { client, orchestrator, receivers, receiverPort } = servers;
      return { client, orchestrator, receivers, receiverPort };
    },
    /** Waits until the transaction has ended. */
    async outcome({ id }: { readonly id: number }): Promise<Served> {
      const { servers, serving, watch, ended } = found(id);
      const { result, sha256, receivers } = await orAborted(ended.signal, servers.report);
      return {
        result,
        bytes: [...watch.kept].reduce((sum, one) => sum + one.bytes, 0),
        sha256,
        packets: receivers.map((one) => one.packets),
        lost: watch.lost,
        differsAt: firstDifference(payloadOf(serving.bytes), watch.kept),
      };
    },
    /** The client is done. */
    finish({ id }: { readonly id: number }): void {
      found(id).servers.finish();
    },
    /** Ends the servers of a transfer, whatever it has come to. */
    async end({ id }: { readonly id: number }): Promise<void> {
      const { servers, ended } = found(id);
      open.delete(id);
      ended.abort(new Error(`transfer ${id} was ended`));
      await servers.close();
    },
  };
}

async function start(
  { latenciesMs, loss, seed }: Serving,
  watch: Watch,
  parts: ReceiverParts,
): Promise<LoopbackServers> {
  const paths = latenciesMs.map((delayMs, receiver) =>
    latePath(udp, {
      delayMs,
      loss,
      random: lossesTo(receiver, seed),
      onLost: () => watch.lost++,
    })
  );
  for (let tried = 1;; tried++) {
    const number = next;
    next = (next + 1) % NETWORKS;
    const prefix = `127.${FIRST_NETWORK + (number >> 8)}.${number & 0xff}`;
    try {
      return await startLoopbackServers({ prefix, paths, limitMs: LIMIT_MS }, parts);
    } catch (error) {
      const taken = error instanceof NetError && error.code === "EADDRINUSE";
      if (!taken || tried === TRIES) throw error;
    }
  }
}

/** The same parts, of which it is known what they keep. */
function watching({ kept }: Watch, parts: ReceiverParts): ReceiverParts {
  return {
    ...parts,
    kept(open, tid) {
      const own = parts.kept(open, tid);
      if (own) kept.add(own);
      return own;
    },
  };
}

function firstDifference(payload: Uint8Array, kept: ReadonlySet<Reassembly>): number | null {
  const joined = joinParts([...kept].flatMap((one) => one.parts()));
  if ("missing" in joined) return joined.missing * PAYLOAD_BYTES;
  const at = joined.payload.findIndex((byte, i) => byte !== payload[i]);
  if (at >= 0) return at;
  return joined.payload.length < payload.length ? joined.payload.length : null;
}
