/** How a receiver of MDALP is broken: the reference with some of its parts replaced. */
import { receiverParts, startReceiver } from "../../src/mdalp/receiver.ts";
import type { ReceiverParts } from "../../src/mdalp/receiver.ts";
import type { ReceiverMutant } from "./types.ts";

type Start = ReceiverMutant["start"];

/** `name` and `rule` without the part that all receivers share. */
export function receiver(rule: string, name: string, what: string, start: Start): ReceiverMutant {
  return {
    system: "mdalp",
    role: "receiver",
    name: `mdalp-receiver-${name}`,
    breaks: `mdalp.receiver.${rule}`,
    what,
    start,
  };
}

/** Other parts; those of a process that remember something are made with it. */
export const parts = (make: () => Partial<ReceiverParts>): Start => (options) =>
  startReceiver(options, { ...receiverParts, ...make() });
