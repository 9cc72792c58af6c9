/**
 * Writes UDP datagrams as a pcapng file that Wireshark opens: one section, one interface of raw IP,
 * times in microseconds. Source: draft-ietf-opsawg-pcapng.
 */
import { Buffer } from "node:buffer";
import { mostPayloadBytes, udpPacket } from "./udp-packet.ts";
import type { RecordedDatagram } from "./recorded-datagram.ts";

export type { RecordedDatagram } from "./recorded-datagram.ts";

export interface PcapngOptions {
  /** Of the whole file, such as the id of a case. */
  readonly comment?: string;
  /** Milliseconds since 1970 at which the datagrams' times begin; 0 where they are since 1970. */
  readonly baseMs?: number;
}

/**
 * The file's bytes, datagrams in the order given. A payload longer than IP can carry is cut, and its
 * packet's comment says so. Throws a RangeError that names the datagram for a time before 1970, an
 * address that is none, or a port out of range.
 */
export function writePcapng(
  datagrams: readonly RecordedDatagram[],
  { comment, baseMs = 0 }: PcapngOptions = {},
): Buffer {
  const packets = datagrams.map((datagram, i) => {
    try {
      return packetBlock(datagram, baseMs, i);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(`datagram ${i}: ${error.message}`, { cause: error });
    }
  });
  return Buffer.concat([sectionHeader(comment), interfaceBlock(), ...packets]);
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;

const OPTION_END = 0;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;
const OPTION_RESOLUTION = 9;

const LINKTYPE_RAW = 101;
/** What Wireshark itself writes; no IP packet is longer. */
const SNAP_BYTES = 262_144;
const MICROSECONDS = 6;

function sectionHeader(comment: string | undefined): Buffer {
  const head = Buffer.alloc(16, 0xff);
  head.writeUInt32LE(0x1a2b3c4d, 0);
  head.writeUInt16LE(1, 4);
  head.writeUInt16LE(0, 6);
  // The section's length stays -1: not told.
  return block(SECTION_HEADER, head, [
    ...commentOption(comment),
    [OPTION_APPLICATION, Buffer.from("Steelyard")],
  ]);
}

function interfaceBlock(): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(LINKTYPE_RAW, 0);
  head.writeUInt32LE(SNAP_BYTES, 4);
  return block(INTERFACE, head, [[OPTION_RESOLUTION, Buffer.from([MICROSECONDS])]]);
}

function packetBlock(datagram: RecordedDatagram, baseMs: number, index: number): Buffer {
  const { atMs, from, to, bytes } = datagram;
  const micros = Math.round((baseMs + atMs) * 1000);
  if (!(micros >= 0 && micros <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`the time ${baseMs + atMs} ms is not from 1970 on`);
  }
  const most = mostPayloadBytes(to.host);
  const packet = udpPacket(from, to, bytes.subarray(0, most), index);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(Math.floor(micros / 2 ** 32), 4);
  head.writeUInt32LE(micros % 2 ** 32, 8);
  head.writeUInt32LE(packet.length, 12);
  head.writeUInt32LE(packet.length, 16);
  const cut = bytes.length > most
    ? `cut: ${bytes.length} bytes, more than the ${most} of a UDP datagram`
    : undefined;
  const told = [datagram.comment, cut].filter((one) => one !== undefined);
  return block(
    ENHANCED_PACKET,
    Buffer.concat([head, padded(packet)]),
    commentOption(told.length === 0 ? undefined : told.join("; ")),
  );
}

type Option = readonly [code: number, value: Buffer];

/** A length of 16 bits, less what pads it. */
const LONGEST_OPTION = 65_532;

function commentOption(comment: string | undefined): Option[] {
  if (comment === undefined) return [];
  const bytes = Buffer.from(comment, "utf8");
  let end = Math.min(bytes.length, LONGEST_OPTION);
  // Not inside a character: bytes 10xxxxxx go on with one.
  while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return [[OPTION_COMMENT, bytes.subarray(0, end)]];
}

function block(type: number, body: Buffer, options: readonly Option[]): Buffer {
  const list = options.length === 0 ? [] : [...options, [OPTION_END, Buffer.alloc(0)] as Option];
  const tail = list.flatMap(([code, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, padded(value)];
  });
  const content = Buffer.concat([body, ...tail]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(12 + content.length);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(type);
  return Buffer.concat([head, length, content, length]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - bytes.length % 4) % 4)]);
}
