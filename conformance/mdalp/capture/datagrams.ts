/**
 * From captured frames to UDP datagrams: Ethernet (with VLAN tags), raw IP, loopback and Linux cooked
 * link layers, IPv4 and IPv6, fragments put together. Sources: tcpdump.org/linktypes.html, RFC 791,
 * RFC 8200, RFC 768.
 */
import { Buffer } from "node:buffer";
import type { CapturedFrame } from "./capture-file.ts";

export interface Datagram {
  /** Seconds since 1970; of the last fragment where there were several. */
  readonly timeS: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** As much of the payload as was kept. */
  readonly payload: Buffer;
  /** The capture kept only a part of it. */
  readonly cut: boolean;
  /** What the file says of its packet. */
  readonly comment?: string;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export function endpointName({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** An ICMP echo request and the time until its reply. */
export interface Echo {
  readonly address: string;
  readonly roundTripMs: number;
}

export interface Traffic {
  readonly datagrams: readonly Datagram[];
  readonly echoes: readonly Echo[];
}

/** The UDP datagrams and answered pings of a capture, in order; everything else is left out. */
export function readTraffic(frames: readonly CapturedFrame[]): Traffic {
  const fragments = new Map<string, Fragments>();
  const asked = new Map<string, number>();
  const datagrams: Datagram[] = [];
  const echoes: Echo[] = [];
  for (const frame of frames) {
    const packet = networkPacket(frame);
    if (!packet || packet.length < 1) continue;
    const version = (packet[0] as number) >> 4;
    const ip = version === 4 ? readIpv4(packet) : version === 6 ? readIpv6(packet) : undefined;
    const whole = ip && assembled(ip, fragments, frame.timeS);
    if (!whole) continue;
    const datagram = readUdp(whole, frame.timeS);
    const told = frame.comment === undefined ? {} : { comment: frame.comment };
    if (datagram) datagrams.push({ ...datagram, ...told });
    const echo = readEcho(whole, frame.timeS, asked);
    if (echo) echoes.push(echo);
  }
  return { datagrams, echoes };
}

/** ICMP and ICMPv6: protocol, type of a request, type of its reply. */
const ECHOES = [[1, 8, 0], [58, 128, 129]] as const;

function readEcho(packet: IpPacket, timeS: number, asked: Map<string, number>): Echo | undefined {
  const kind = ECHOES.find(([protocol]) => protocol === packet.protocol);
  if (!kind || packet.payload.length < 8) return undefined;
  const [, request, reply] = kind;
  const type = packet.payload[0];
  const id = packet.payload.toString("hex", 4, 8);
  if (type === request) asked.set(`${packet.destination} ${id}`, timeS);
  if (type !== reply) return undefined;
  const askedS = asked.get(`${packet.source} ${id}`);
  if (askedS === undefined) return undefined;
  // A second reply to the same request is no round trip.
  asked.delete(`${packet.source} ${id}`);
  return { address: packet.source, roundTripMs: (timeS - askedS) * 1000 };
}

const LINK = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  cooked: 113,
  raw4: 228,
  raw6: 229,
  cooked2: 276,
};
/** LINKTYPE_RAW as some systems number it. */
const RAW_ELSEWHERE = [12, 14];

/** The IP packet in a frame; undefined for anything else. */
function networkPacket({ linkType, bytes }: CapturedFrame): Buffer | undefined {
  switch (linkType) {
    case LINK.ethernet:
      return etherPayload(bytes, 12);
    case LINK.cooked:
      return etherPayload(bytes, 14);
    case LINK.cooked2:
      return isIp(bytes.length >= 20 ? bytes.readUInt16BE(0) : 0) ? bytes.subarray(20) : undefined;
    case LINK.null:
    case LINK.loop:
      return bytes.subarray(4);
    case LINK.raw:
    case LINK.raw4:
    case LINK.raw6:
      return bytes;
  }
  return RAW_ELSEWHERE.includes(linkType) ? bytes : undefined;
}

/** What follows an EtherType at this place, behind any VLAN tags. */
function etherPayload(bytes: Buffer, at: number): Buffer | undefined {
  let type = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
  while ((type === 0x8100 || type === 0x88a8) && at + 6 <= bytes.length) {
    at += 4;
    type = bytes.readUInt16BE(at);
  }
  return isIp(type) ? bytes.subarray(at + 2) : undefined;
}

function isIp(etherType: number): boolean {
  return etherType === 0x0800 || etherType === 0x86dd;
}

interface IpPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Buffer;
  /** Bytes of payload that the header announces. */
  readonly length: number;
  readonly fragment?: { readonly id: string; readonly offset: number; readonly more: boolean };
}

function readIpv4(packet: Buffer): IpPacket | undefined {
  if (packet.length < 20) return undefined;
  const headerLength = ((packet[0] as number) & 0x0f) * 4;
  if (headerLength < 20 || packet.length < headerLength) return undefined;
  // A capture on the sender may see 0 where the hardware fills in the length.
  const total = packet.readUInt16BE(2) || packet.length;
  const source = [...packet.subarray(12, 16)].join(".");
  const destination = [...packet.subarray(16, 20)].join(".");
  const protocol = packet[9] as number;
  const flags = packet.readUInt16BE(6);
  const offset = (flags & 0x1fff) * 8;
  const more = (flags & 0x2000) !== 0;
  const id = `${source} ${destination} ${protocol} ${packet.readUInt16BE(4)}`;
  return {
    source,
    destination,
    protocol,
    payload: packet.subarray(headerLength, Math.max(headerLength, total)),
    length: Math.max(0, total - headerLength),
    ...(more || offset > 0 ? { fragment: { id, offset, more } } : {}),
  };
}

const EXTENSIONS = new Set([0, 43, 60]);
const FRAGMENT = 44;

function readIpv6(packet: Buffer): IpPacket | undefined {
  if (packet.length < 40) return undefined;
  const source = ipv6Address(packet.subarray(8, 24));
  const destination = ipv6Address(packet.subarray(24, 40));
  const end = 40 + packet.readUInt16BE(4);
  let next = packet[6] as number;
  let at = 40;
  let fragment: IpPacket["fragment"];
  while ((EXTENSIONS.has(next) || next === FRAGMENT) && at + 8 <= packet.length) {
    if (next === FRAGMENT) {
      const flags = packet.readUInt16BE(at + 2);
      const id = `${source} ${destination} ${packet.readUInt32BE(at + 4)}`;
      fragment = { id, offset: flags & 0xfff8, more: (flags & 1) === 1 };
    }
    const length = next === FRAGMENT ? 8 : ((packet[at + 1] as number) + 1) * 8;
    next = packet[at] as number;
    at += length;
  }
  return {
    source,
    destination,
    protocol: next,
    payload: packet.subarray(at, Math.max(at, end)),
    length: Math.max(0, end - at),
    ...(fragment && (fragment.more || fragment.offset > 0) ? { fragment } : {}),
  };
}

function ipv6Address(bytes: Buffer): string {
  const groups = bytes.toString("hex").match(/.{4}/g) as string[];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

interface Fragments {
  readonly pieces: Map<number, Buffer>;
  /** Known once the last fragment came. */
  total: number | undefined;
  /** When the first of them came. */
  readonly sinceS: number;
}

/** RFC 8200, section 4.5. Identifications come again, and pieces of two packets must not be mixed. */
const REASSEMBLY_S = 60;

/** More than one datagram needs; a flood of first fragments must not fill memory. */
const MOST_UNFINISHED = 1000;

/** The packet itself, or the one that this fragment completes. */
function assembled(
  packet: IpPacket,
  unfinished: Map<string, Fragments>,
  timeS: number,
): IpPacket | undefined {
  const { fragment } = packet;
  if (!fragment) return packet;
  const known = fragmentsOf(fragment.id, unfinished, timeS);
  known.pieces.set(fragment.offset, packet.payload);
  if (!fragment.more) known.total = fragment.offset + packet.payload.length;
  if (known.total === undefined) return undefined;
  const pieces = [...known.pieces].sort(([a], [b]) => a - b);
  let reached = 0;
  for (const [offset, piece] of pieces) {
    if (offset > reached) return undefined;
    reached = Math.max(reached, offset + piece.length);
  }
  if (reached < known.total) return undefined;
  unfinished.delete(fragment.id);
  const payload = Buffer.alloc(known.total);
  for (const [offset, piece] of pieces) piece.copy(payload, offset);
  return { ...packet, payload, length: payload.length };
}

/** The pieces that came so far; the oldest packet makes room where there are too many. */
function fragmentsOf(id: string, unfinished: Map<string, Fragments>, timeS: number): Fragments {
  const known = unfinished.get(id);
  if (known && timeS - known.sinceS <= REASSEMBLY_S) return known;
  unfinished.delete(id);
  const [oldest] = unfinished.keys();
  if (unfinished.size >= MOST_UNFINISHED && oldest !== undefined) unfinished.delete(oldest);
  const fresh: Fragments = { pieces: new Map(), total: undefined, sinceS: timeS };
  unfinished.set(id, fresh);
  return fresh;
}

const UDP = 17;

function readUdp(packet: IpPacket, timeS: number): Datagram | undefined {
  if (packet.protocol !== UDP || packet.payload.length < 8) return undefined;
  const length = packet.payload.readUInt16BE(4);
  if (length < 8) return undefined;
  return {
    timeS,
    source: { address: packet.source, port: packet.payload.readUInt16BE(0) },
    destination: { address: packet.destination, port: packet.payload.readUInt16BE(2) },
    payload: packet.payload.subarray(8, length),
    cut: packet.payload.length < length,
  };
}
