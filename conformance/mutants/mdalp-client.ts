/** How a client of MDALP is broken: the reference with some of its options and parts replaced. */
import { transfer } from "../../src/mdalp/client.ts";
import type { ShareSender, TransferOptions, TransferParts } from "../../src/mdalp/client.ts";
import type { Message } from "../../src/mdalp/message.ts";
import { Sender } from "../../src/mdalp/sender.ts";
import type { SenderOptions } from "../../src/mdalp/sender.ts";
import type { SendingMutant } from "./types.ts";

export type Send = SendingMutant["send"];

/** `name` and `rule` without the part that all clients of MDALP share. */
export function client(
  rule: string,
  name: string,
  what: string,
  send: Send,
  related?: Readonly<Record<string, string>>,
): SendingMutant {
  return {
    system: "mdalp",
    role: "client",
    name: `mdalp-client-${name}`,
    breaks: `mdalp.client.${rule}`,
    what,
    send,
    ...(related ? { related } : {}),
  };
}

/** Other parts, which may follow the options of the transfer. */
export const parts =
  (change: (options: TransferOptions, parts: TransferParts) => Partial<TransferParts>): Send =>
  (options, given) => transfer(options, { ...given, ...change(options, given) });

/** Other options. */
export const options = (change: Partial<TransferOptions>): Send => (given, parts) =>
  transfer({ ...given, ...change }, parts);

/** Other senders. */
export const senders = (
  change: (options: SenderOptions) => Partial<SenderOptions>,
): Send =>
  parts(() => ({ sender: (given): ShareSender => new Sender({ ...given, ...change(given) }) }));

/** Datagrams read in another way; `read` is the reference's. */
export const reading = (
  change: (datagram: Uint8Array, read: (datagram: Uint8Array) => Message) => Message,
): Send => parts((_, { read }) => ({ read: (datagram) => change(datagram, read) }));
