/**
 * Builds captures for tests, byte by byte: files, link layers, IP packets, fragments. Checksums stay
 * 0, since the readers do not look at them.
 */
import { Buffer } from "node:buffer";
import { isIPv6 } from "node:net";
import type { Datagram, Endpoint } from "./datagrams.ts";

/** A frame to be written; on the first interface unless it says another. */
export interface Frame {
  readonly timeS: number;
  readonly bytes: Uint8Array;
  readonly on?: number;
  /** Of pcapng: what it was before it was cut; as many bytes as there are without it. */
  readonly wireLength?: number;
}

export interface PcapOptions {
  readonly little: boolean;
  readonly nanoseconds: boolean;
  readonly linkType: number;
}

export function pcap(frames: readonly Frame[], options: Partial<PcapOptions> = {}): Buffer {
  const { little = true, nanoseconds = false, linkType = LINK_TYPE.ethernet } = options;
  const u16 = (value: number) => number16(value, little);
  const u32 = (value: number) => number32(value, little);
  const perSecond = nanoseconds ? 1e9 : 1e6;
  const head = [u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0)];
  const records = frames.flatMap(({ timeS, bytes }) => [
    u32(Math.floor(timeS)),
    u32(Math.round((timeS % 1) * perSecond)),
    u32(bytes.length),
    u32(bytes.length),
    bytes,
  ]);
  return Buffer.concat([...head, u32(65535), u32(linkType), ...records]);
}

export interface InterfaceOptions {
  readonly linkType: number;
  /** The byte of if_tsresol: a power of 10, or of 2 with the high bit. Microseconds without it. */
  readonly resolution?: number;
  /** if_tsoffset, in seconds. */
  readonly offsetS?: number;
}

export interface PcapngOptions {
  readonly little: boolean;
  readonly interfaces: readonly InterfaceOptions[];
}

/** One section; sections can be put one after the other. */
export function pcapng(frames: readonly Frame[], options: Partial<PcapngOptions> = {}): Buffer {
  const { little = true, interfaces = [{ linkType: LINK_TYPE.ethernet }] } = options;
  return Buffer.concat([
    sectionHeader(little),
    ...interfaces.map((one) => interfaceBlock(one, little)),
    ...frames.map((frame) => enhancedPacket(frame, interfaces[frame.on ?? 0]!, little)),
  ]);
}

/** A block of pcapng: its type, its padded body, its length before and after. */
export function block(type: number, body: Uint8Array, little = true): Buffer {
  const padded = padTo4(body);
  const length = number32(12 + padded.length, little);
  return Buffer.concat([number32(type, little), length, padded, length]);
}

function sectionHeader(little: boolean): Buffer {
  const versions = [number16(1, little), number16(0, little)];
  const body = [number32(0x1a2b3c4d, little), ...versions, Buffer.alloc(8, 0xff)];
  return block(0x0a0d0d0a, Buffer.concat(body), little);
}

function interfaceBlock({ linkType, resolution, offsetS }: InterfaceOptions, little: boolean) {
  const option = (code: number, value: Uint8Array) =>
    Buffer.concat([number16(code, little), number16(value.length, little), padTo4(value)]);
  const body = [number16(linkType, little), number16(0, little), number32(65535, little)];
  // Before the ones that are read, one that is not, of an odd length.
  body.push(option(2, Buffer.from("veth0")));
  if (resolution !== undefined) body.push(option(9, Buffer.from([resolution])));
  if (offsetS !== undefined) body.push(option(14, number64(BigInt(offsetS), little)));
  return block(1, Buffer.concat([...body, option(0, Buffer.alloc(0))]), little);
}

function enhancedPacket(frame: Frame, of: InterfaceOptions, little: boolean): Buffer {
  const { resolution = 6, offsetS = 0 } = of;
  const perSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
  const units = BigInt(Math.round((frame.timeS - offsetS) * perSecond));
  const words = [frame.on ?? 0, Number(units >> 32n), Number(units & 0xffffffffn)];
  words.push(frame.bytes.length, frame.wireLength ?? frame.bytes.length);
  const head = words.map((word) => number32(word, little));
  return block(6, Buffer.concat([...head, frame.bytes]), little);
}

/** As registered by tcpdump.org. */
export const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  cooked: 113,
  raw4: 228,
  raw6: 229,
  cooked2: 276,
};

/** Each link layer: its type, and how it wraps an IP packet. */
export const LINKS: Readonly<
  Record<string, { readonly linkType: number; wrap(packet: Buffer): Buffer }>
> = {
  "Ethernet": { linkType: LINK_TYPE.ethernet, wrap: ethernet },
  "Ethernet with a VLAN tag": {
    linkType: LINK_TYPE.ethernet,
    wrap: (packet) => ethernet(packet, [0x8100]),
  },
  "Ethernet with two VLAN tags": {
    linkType: LINK_TYPE.ethernet,
    wrap: (packet) => ethernet(packet, [0x88a8, 0x8100]),
  },
  "raw IP": { linkType: LINK_TYPE.raw, wrap: (packet) => packet },
  "raw IP as OpenBSD numbers it": { linkType: 14, wrap: (packet) => packet },
  "loopback": {
    linkType: LINK_TYPE.null,
    wrap: (packet) => Buffer.concat([number32(isV6(packet) ? 24 : 2, true), packet]),
  },
  "loopback of OpenBSD": {
    linkType: LINK_TYPE.loop,
    wrap: (packet) => Buffer.concat([number32(isV6(packet) ? 24 : 2, false), packet]),
  },
  "Linux cooked": {
    linkType: LINK_TYPE.cooked,
    wrap: (packet) => Buffer.concat([Buffer.alloc(14), etherType(packet), packet]),
  },
  "Linux cooked, version 2": {
    linkType: LINK_TYPE.cooked2,
    wrap: (packet) => Buffer.concat([etherType(packet), Buffer.alloc(18), packet]),
  },
};

/** With padding behind the packet, as short frames have it. */
export function ethernet(packet: Buffer, tags: readonly number[] = []): Buffer {
  const head = tags.map((tag) => Buffer.concat([number16(tag, false), number16(7, false)]));
  const frame = Buffer.concat([Buffer.alloc(12), ...head, etherType(packet), packet]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length), 0x5a)]);
}

function etherType(packet: Buffer): Buffer {
  return number16(isV6(packet) ? 0x86dd : 0x0800, false);
}

function isV6(packet: Buffer): boolean {
  return (packet[0] as number) >> 4 === 6;
}

/** What is IP's payload: from, to, the protocol, the bytes. */
export interface Segment {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly bytes: Buffer;
}

export function udp(from: Endpoint, to: Endpoint, payload: Uint8Array): Segment {
  const words = [from.port, to.port, 8 + payload.length, 0].map((word) => number16(word, false));
  const bytes = Buffer.concat([...words, payload]);
  return { from: from.address, to: to.address, protocol: 17, bytes };
}

/** An ICMP or ICMPv6 echo. */
export function echo(kind: "request" | "reply", from: string, to: string, seq: number): Segment {
  const types = isIPv6(from) ? { request: 128, reply: 129 } : { request: 8, reply: 0 };
  const bytes = Buffer.concat([
    Buffer.from([types[kind], 0, 0, 0, 0xab, 0xcd]),
    number16(seq, false),
  ]);
  return { from, to, protocol: isIPv6(from) ? 58 : 1, bytes };
}

export interface Fragment {
  readonly offset: number;
  readonly length: number;
  readonly more: boolean;
}

/** An IPv4 or IPv6 packet, by its addresses. */
export function ip(segment: Segment, fragment?: Fragment, id = 1): Buffer {
  const { from, to, protocol, bytes } = segment;
  const payload = fragment
    ? bytes.subarray(fragment.offset, fragment.offset + fragment.length)
    : bytes;
  const more = fragment?.more ?? false;
  const offset = fragment?.offset ?? 0;
  if (isIPv6(from)) {
    const extension = fragment
      ? [Buffer.from([protocol, 0]), number16(offset | Number(more), false), number32(id, false)]
      : [];
    const length = number16(payload.length + (fragment ? 8 : 0), false);
    const head = [
      Buffer.from([0x60, 0, 0, 0]),
      length,
      Buffer.from([fragment ? 44 : protocol, 64]),
    ];
    return Buffer.concat([...head, v6(from), v6(to), ...extension, payload]);
  }
  const flags = number16(offset / 8 | (more ? 0x2000 : 0), false);
  const head = [Buffer.from([0x45, 0]), number16(20 + payload.length, false), number16(id, false)];
  const rest = [flags, Buffer.from([64, protocol, 0, 0]), v4(from), v4(to)];
  return Buffer.concat([...head, ...rest, payload]);
}

/** The packet in fragments of this many bytes, a multiple of 8. */
export function fragments(segment: Segment, size: number, id = 1): Buffer[] {
  const count = Math.ceil(segment.bytes.length / size);
  return Array.from({ length: count }, (_, i) => {
    return ip(segment, { offset: i * size, length: size, more: i < count - 1 }, id);
  });
}

/** Datagrams as frames of Ethernet. */
export function framesOf(datagrams: readonly Datagram[]): Frame[] {
  return datagrams.map(({ timeS, source, destination, payload }) => {
    return { timeS, bytes: ethernet(ip(udp(source, destination, payload))) };
  });
}

function v4(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}

/** Addresses with one `::`. */
function v6(address: string): Buffer {
  const [left = [], right = []] = address.split("::").map((half) =>
    half.split(":").filter(Boolean)
  );
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  const groups = [...left, ...zeros, ...right].map((group) => parseInt(group, 16));
  return Buffer.concat(groups.map((group) => number16(group, false)));
}

function padTo4(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - bytes.length % 4) % 4)]);
}

function number16(value: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  if (little) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
}

function number32(value: number, little: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (little) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

function number64(value: bigint, little: boolean): Buffer {
  const bytes = Buffer.alloc(8);
  if (little) bytes.writeBigInt64LE(value);
  else bytes.writeBigInt64BE(value);
  return bytes;
}
