/** Orchestrators of MDALP that break one rule of the plan, of the queue, or of what is no intent. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { MDALP_PORT, writePlan } from "../../src/mdalp/message.ts";
import type { Receiver } from "../../src/mdalp/message.ts";
import { udp } from "../../src/net/mod.ts";
import { arriving, sendingFromAnotherPort } from "./datagrams.ts";
import { orchestrator, parts } from "./mdalp-orchestrator.ts";
import type { OrchestratorMutant } from "./types.ts";

/** An address of the same network at which nobody is. */
function nobodyNear({ address }: Receiver): Receiver {
  return { address: address.replace(/\d+$/, "99"), name: "Receiver 0" };
}

/** Ends the process at a datagram like this. */
const crashAt = (isFatal: (datagram: Buffer) => boolean) =>
  parts({
    driver: arriving(udp, (datagram, pass) => {
      if (isFatal(datagram)) process.exit(1);
      pass(datagram);
    }),
  });

const text = (datagram: Uint8Array) => Buffer.from(datagram).toString("latin1");

const planned = (change: (receivers: readonly Receiver[]) => readonly Receiver[]) =>
  parts({ writePlan: (tid, receivers) => writePlan(tid, change(receivers)) });

/** Ends the process once so many bad datagrams came. */
function wearingOut(after: number) {
  let bad = 0;
  return crashAt((datagram) => text(datagram) !== "Type:0;" && ++bad >= after);
}

export const orchestratorPlanMutants: readonly OrchestratorMutant[] = [
  orchestrator(
    "plan",
    "other-port",
    "sends plans from another port than the one that was asked",
    parts({ driver: sendingFromAnotherPort(udp) }),
  ),
  orchestrator(
    "plan",
    "fixed-port",
    `sends plans to port ${MDALP_PORT} of the client, whatever port it asked from`,
    parts({ planTo: ({ host }) => ({ host, port: MDALP_PORT }) }),
  ),
  orchestrator(
    "plan",
    "same-tid",
    "gives each transaction the TID 3740",
    parts({ nextTid: () => 3740 }),
  ),
  orchestrator(
    "plan",
    "receiver-twice",
    "names each receiver twice",
    planned((receivers) => [...receivers, ...receivers]),
  ),
  orchestrator(
    "plan",
    "absent-receiver",
    "names a receiver that is not there beside the others",
    planned((receivers) => [...receivers, ...receivers.slice(0, 1).map(nobodyNear)]),
  ),
  orchestrator(
    "plan",
    "unclosed",
    "leaves out the plan's last semicolon",
    parts({ writePlan: (...plan) => writePlan(...plan).subarray(0, -1) }),
  ),
  orchestrator(
    "queue",
    "all-at-once",
    "begins each transaction at once, whatever runs",
    parts({ mayStart: () => true }),
  ),
  orchestrator(
    "queue",
    "last-first",
    "gives the next turn to whoever asked last",
    parts({ next: (waiting) => waiting - 1 }),
  ),
  orchestrator(
    "queue",
    "forgetful",
    "forgets whoever asks while a transaction runs",
    parts({ sameClient: () => true }),
  ),
  orchestrator(
    "same-intent",
    "each-intent",
    "takes each intent for a new client's",
    parts({ sameClient: () => false }),
  ),
  orchestrator(
    "garbage",
    "any-datagram",
    "takes any datagram for an intent",
    parts({ isIntent: () => true }),
  ),
  orchestrator(
    "garbage",
    "prefix",
    "takes whatever begins with Type:0 for an intent",
    parts({ isIntent: (datagram) => text(datagram).startsWith("Type:0") }),
  ),
  orchestrator(
    "garbage",
    "no-utf8",
    "ends at bytes that are no UTF-8",
    crashAt((datagram) => datagram.toString("utf8").includes("\ufffd")),
  ),
  orchestrator(
    "garbage",
    "empty",
    "ends at an empty datagram",
    crashAt((datagram) => datagram.length === 0),
  ),
  orchestrator(
    "garbage",
    "long",
    "ends at a datagram that is longer than its buffer of 4 KiB",
    crashAt((datagram) => datagram.length > 4096),
  ),
  orchestrator(
    "garbage",
    "unknown-type",
    "ends at a message whose type it does not know",
    crashAt((datagram) => /^Type:[^0-3]/.test(text(datagram))),
  ),
  orchestrator("garbage", "wears-out", "ends at the hundredth bad datagram", wearingOut(100)),
];
