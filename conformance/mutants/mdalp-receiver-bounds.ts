/** Receivers of MDALP that acknowledge what they must not, or keep too much of it. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { PAYLOAD_BYTES, readMessage } from "../../src/mdalp/message.ts";
import { udp } from "../../src/net/mod.ts";
import { arriving } from "./datagrams.ts";
import { parts, receiver } from "./mdalp-receiver.ts";
import type { ReceiverMutant } from "./types.ts";

const text = (datagram: Uint8Array) => Buffer.from(datagram).toString("latin1");

/** Acknowledges at once what has such a SEQ, in the number that `seqOf` makes of it. */
const acksToo = (isSeq: RegExp, seqOf: (text: string) => number) =>
  parts(() => ({
    driver: arriving(udp, (datagram, pass, answer) => {
      const [, tid, seq = ""] = /^Type:2;TID:(\d+);SEQ:([^;]*);DATA:/.exec(text(datagram)) ?? [];
      if (!tid || !isSeq.test(seq)) return pass(datagram);
      answer(Buffer.from(`Type:3;TID:${tid};SEQ:${seqOf(seq)};`));
    }),
  }));

/** Cuts payloads of such a length down to what is allowed. */
const cutting = (isCut: (payload: Buffer) => boolean) =>
  parts(() => ({
    read(datagram) {
      const head = /^Type:2;[^;]*;[^;]*;DATA:/.exec(text(datagram))?.[0].length ?? 0;
      const payload = Buffer.from(datagram).subarray(head);
      const cut = head > 0 && isCut(payload);
      return readMessage(cut ? datagram.subarray(0, head + PAYLOAD_BYTES) : datagram);
    },
  }));

/** The same digits at the start: as a comparison of as many characters as one of them has. */
function beginsLike(tid: number, other: number): boolean {
  return String(tid).startsWith(String(other));
}

/** Notes which SEQs are missing, one bit each; SEQs are signed numbers of 32 bits. */
class MissingSeqs {
  #bits = Buffer.alloc(0);

  note(seq: number): void {
    if ((seq | 0) !== seq || seq < 0) return;
    const bytes = 2 ** Math.ceil(Math.log2((seq >> 3) + 1));
    if (bytes > this.#bits.length) this.#bits = Buffer.alloc(bytes, 0xff);
    const at = seq >> 3;
    this.#bits[at] = (this.#bits[at] as number) & ~(1 << (seq & 7));
  }
}

const ending = (isFatal: (datagram: Buffer) => boolean) =>
  parts(() => ({
    driver: arriving(udp, (datagram, pass) => {
      if (isFatal(datagram)) process.exit(1);
      pass(datagram);
    }),
  }));

export const receiverBoundsMutants: readonly ReceiverMutant[] = [
  receiver(
    "unknown-tid",
    "any-tid",
    "acknowledges packets of transactions that it does not know",
    parts(() => ({ copyOfClosed: () => true })),
  ),
  receiver(
    "unknown-tid",
    "one-tid",
    "takes any TID for that of the open transaction",
    parts(() => ({ kept: (open, tid) => open.get(tid) ?? [...open.values()][0] })),
  ),
  receiver(
    "unknown-tid",
    "tid-prefix",
    "takes a TID that only begins like that of the open transaction for it",
    parts(() => ({
      kept: (open, tid) => [...open].find(([own]) => beginsLike(tid, own))?.[1],
    })),
  ),
  receiver(
    "bounds",
    "cuts",
    "cuts long payloads to 100 bytes and acknowledges them",
    cutting((payload) => payload.length > PAYLOAD_BYTES),
  ),
  receiver(
    "bounds",
    "off-by-one",
    "takes payloads of 101 bytes",
    cutting((payload) => payload.length === PAYLOAD_BYTES + 1),
  ),
  receiver(
    "bounds",
    "characters",
    "takes payloads of 100 characters, whatever bytes they have",
    cutting((payload) =>
      payload.length > PAYLOAD_BYTES && payload.toString("utf8").length <= PAYLOAD_BYTES
    ),
  ),
  receiver("bounds", "negative", "acknowledges a negative SEQ", acksToo(/^-\d+$/, Number)),
  receiver(
    "bounds",
    "absurd",
    "acknowledges any number as a SEQ",
    acksToo(/^\d{8,}$/, Number),
  ),
  receiver(
    "bounds",
    "32-bits",
    "takes SEQs of up to 32 bits",
    acksToo(/^[1-4]\d{9}$/, Number),
  ),
  receiver(
    "bounds",
    "not-a-number",
    "acknowledges what is no number, with SEQ NaN",
    acksToo(/^[a-z]*$/, Number.parseInt),
  ),
  receiver(
    "bounds",
    "hexadecimal",
    "reads a SEQ that begins with 0x as hexadecimal",
    acksToo(/^0x/, Number.parseInt),
  ),
  receiver(
    "bounds",
    "hoards",
    "makes room up to any SEQ of 32 bits before it looks at the bound",
    parts(() => {
      const missing = new MissingSeqs();
      return {
        driver: arriving(udp, (datagram, pass) => {
          const seq = /^Type:2;TID:\d+;SEQ:(\d+);/.exec(text(datagram))?.[1];
          if (seq !== undefined) missing.note(Number(seq));
          pass(datagram);
        }),
      };
    }),
  ),
  receiver(
    "bounds",
    "long",
    "ends at a datagram that is longer than its buffer of 4 KiB",
    ending((datagram) => datagram.length > 4096),
  ),
  receiver(
    "bounds",
    "large-number",
    "ends at a SEQ that is no number of 64 bits",
    ending((datagram) => /;SEQ:\d{20,};/.test(text(datagram))),
  ),
];
