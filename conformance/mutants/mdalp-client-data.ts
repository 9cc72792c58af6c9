/** Clients of MDALP that break one rule of what is in the packets, and of how many go where. */
import { Buffer, isUtf8 } from "node:buffer";
import { transfer } from "../../src/mdalp/client.ts";
import type { TransferOptions, TransferParts } from "../../src/mdalp/client.ts";
import { layOut } from "../../src/mdalp/packets.ts";
import type { Packet } from "../../src/mdalp/packets.ts";
import { splitByInverseLatency } from "../../src/mdalp/split.ts";
import { client, parts } from "./mdalp-client.ts";
import type { Send } from "./mdalp-client.ts";
import type { SendingMutant } from "./types.ts";

type Split = TransferParts["split"];

/** Packets with the pieces that `cut` makes of the payload. */
const cutting = (cut: (payload: Buffer) => Uint8Array[]): Send =>
  parts(({ payload }) => {
    const pieces = cut(Buffer.from(payload));
    return {
      packetCount: () => pieces.length,
      layOut(_, counts) {
        let seq = 0;
        return counts.map((count) =>
          Array.from({ length: count }, () => ({ payload: pieces[seq] as Uint8Array, seq: seq++ }))
        );
      },
    };
  });

const piecesOf = (bytes: number) => (payload: Buffer): Buffer[] =>
  Array.from(
    { length: Math.ceil(payload.length / bytes) },
    (_, i) => payload.subarray(i * bytes, (i + 1) * bytes),
  );

/** A hundred characters each; what is no text is cut by bytes. */
function characterPieces(payload: Buffer): Uint8Array[] {
  if (!isUtf8(payload)) return piecesOf(100)(payload);
  const characters = [...payload.toString()];
  return Array.from(
    { length: Math.ceil(characters.length / 100) },
    (_, i) => Buffer.from(characters.slice(i * 100, (i + 1) * 100).join("")),
  );
}

/** As many pieces as whole hundreds, and one for what is left: nothing, it may be. */
function pieceTooMany(payload: Buffer): Uint8Array[] {
  return Array.from(
    { length: Math.floor(payload.length / 100) + 1 },
    (_, i) => payload.subarray(i * 100, (i + 1) * 100),
  );
}

/** Packets with other SEQs; `first` is that of the receiver's first packet. */
const numbering = (change: (seq: number, first: number) => number): Send =>
  parts(() => ({
    layOut: (payload, counts) =>
      layOut(payload, counts).map((own) =>
        own.map(({ seq, payload }) => ({ seq: change(seq, (own[0] as Packet).seq), payload }))
      ),
  }));

const sendingOther = (change: (payload: Buffer) => Uint8Array): Send => (options, given) =>
  transfer({ ...options, payload: change(Buffer.from(options.payload)) }, given);

const splitting = (split: (options: TransferOptions) => Split): Send =>
  parts((options) => ({ split: split(options) }));

/** By inverse latency with no floor. */
const withoutFloor: Split = (packets, latenciesMs) => {
  const rates = latenciesMs.map((ms) => 1 / ms);
  const sum = rates.reduce((total, rate) => total + rate, 0);
  const counts = rates.map((rate) => Math.floor(packets * rate / sum));
  const fastest = latenciesMs.indexOf(Math.min(...latenciesMs));
  const given = counts.reduce((total, count) => total + count, 0);
  counts[fastest] = (counts[fastest] as number) + packets - given;
  return counts;
};

const allToFastest: Split = (packets, latenciesMs) => {
  const fastest = latenciesMs.indexOf(Math.min(...latenciesMs));
  return latenciesMs.map((_, i) => i === fastest ? packets : 0);
};

const byRank: Split = (packets, latenciesMs) =>
  splitByInverseLatency(
    packets,
    latenciesMs.map((ms) => 1 + latenciesMs.filter((other) => other < ms).length),
  );

/** Falls over an empty file: the last of no packets has no SEQ. */
const expectsPackets: Send = (options, given) =>
  options.payload.length > 0 ? transfer(options, given) : new Promise((_, reject) => {
    setTimeout(() => {
      const last = layOut(options.payload, [0])[0]?.at(-1) as Packet;
      reject(new Error(`the last SEQ is ${last.seq}`));
    });
  });

export const dataMutants: readonly SendingMutant[] = [
  client("payload-limit", "101-bytes", "puts 101 bytes in a packet", cutting(piecesOf(101))),
  client(
    "payload-limit",
    "hundred-characters",
    "puts 100 characters in a packet, not 100 bytes",
    cutting(characterPieces),
  ),
  client(
    "payload-limit",
    "empty-packet",
    "sends an empty packet after a payload of whole hundreds",
    cutting(pieceTooMany),
  ),
  client("full-packets", "60-bytes", "puts 60 bytes in a packet", cutting(piecesOf(60))),
  client("sequence", "seq-from-1", "begins with SEQ 1", numbering((seq) => seq + 1)),
  client(
    "sequence",
    "seq-per-receiver",
    "begins with SEQ 0 at each receiver",
    numbering((seq, first) => seq - first),
  ),
  client(
    "sequence",
    "last-receiver-first",
    "gives the last receiver of the plan the beginning of the payload",
    parts(() => ({
      layOut: (payload, counts) => layOut(payload, counts.toReversed()).toReversed(),
    })),
  ),
  client(
    "reassembles",
    "first-64-kib",
    "sends no more than the first 64 KiB",
    sendingOther((payload) => payload.subarray(0, 65536)),
  ),
  client(
    "reassembles",
    "ascii-only",
    "sends a question mark for each character beyond ASCII",
    sendingOther((payload) =>
      // deno-lint-ignore no-control-regex
      isUtf8(payload) ? Buffer.from(payload.toString().replace(/[^\0-\x7f]/gu, "?")) : payload
    ),
  ),
  client(
    "binary",
    "utf-8-only",
    "reads the file as UTF-8, with a replacement for what is not",
    sendingOther((payload) => Buffer.from(payload.toString("utf8"))),
  ),
  client(
    "shares",
    "equal-shares",
    "measures and shares out equally all the same",
    splitting(() => (packets, latenciesMs) =>
      splitByInverseLatency(packets, latenciesMs.map(() => 1))
    ),
  ),
  client(
    "shares",
    "slower-gets-more",
    "gives the slower receiver the larger share",
    splitting(() => (packets, latenciesMs) =>
      splitByInverseLatency(packets, latenciesMs.map((ms) => 1 / ms))
    ),
  ),
  client(
    "shares",
    "no-floor",
    "gives a slow receiver less than a tenth",
    splitting(() => withoutFloor),
  ),
  client(
    "shares",
    "all-to-fastest",
    "gives everything to the fastest receiver",
    splitting(() => allToFastest),
  ),
  client(
    "inverse-latency",
    "inverse-root",
    "shares out by the inverse root of the latency",
    splitting(() => (packets, latenciesMs) =>
      splitByInverseLatency(packets, latenciesMs.map((ms) => Math.sqrt(ms)))
    ),
  ),
  client(
    "inverse-latency",
    "by-rank",
    "shares out by the order of the latencies alone",
    splitting(() => byRank),
  ),
  client("empty-payload", "crashes-at-empty", "falls over an empty file", expectsPackets),
  client(
    "few-bytes",
    "drops-few-bytes",
    "sends nothing where there are fewer bytes than receivers, and tells of success",
    splitting(({ payload }) => (packets, latenciesMs) =>
      payload.length < latenciesMs.length
        ? latenciesMs.map(() => 0)
        : splitByInverseLatency(packets, latenciesMs)
    ),
  ),
];
