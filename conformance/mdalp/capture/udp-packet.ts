/** IP packets that carry one UDP datagram, checksums included. Sources: RFC 791, 8200, 768, 1071. */
import { Buffer } from "node:buffer";
import { isIPv6 } from "node:net";
import { checkEndpoint } from "./recorded-datagram.ts";
import type { RecordedEndpoint } from "./recorded-datagram.ts";

const UDP = 17;
const UDP_HEADER_BYTES = 8;
const TIME_TO_LIVE = 64;
/** The largest number of IP's length fields; IPv4's counts the header of 20 bytes too. */
const LONGEST = 65535;

/** The most payload bytes that a datagram to this address can carry without jumbograms. */
export function mostPayloadBytes(host: string): number {
  return LONGEST - UDP_HEADER_BYTES - (isIPv6(host) ? 0 : 20);
}

/**
 * The packet, IPv4 or IPv6 as the addresses are. `id` is IPv4's identification. Throws a RangeError
 * for addresses that are none or of two versions, ports out of range, and too long a payload.
 */
export function udpPacket(
  from: RecordedEndpoint,
  to: RecordedEndpoint,
  payload: Uint8Array,
  id: number,
): Buffer {
  checkEndpoint(from);
  checkEndpoint(to);
  if (isIPv6(from.host) !== isIPv6(to.host)) {
    throw new RangeError(`${from.host} and ${to.host} are addresses of two versions of IP`);
  }
  const most = mostPayloadBytes(to.host);
  if (payload.length > most) throw new RangeError(`${payload.length} bytes are more than ${most}`);
  const source = addressBytes(from.host);
  const destination = addressBytes(to.host);
  const segment = Buffer.alloc(UDP_HEADER_BYTES + payload.length);
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt16BE(segment.length, 4);
  segment.set(payload, UDP_HEADER_BYTES);
  // The pseudo header; IPv6's has wider fields, whose sum is the same.
  const words = Buffer.from([0, UDP, segment.length >> 8, segment.length & 0xff]);
  const sum = checksum(Buffer.concat([source, destination, words, segment]));
  // 0 would say that there is no checksum.
  segment.writeUInt16BE(sum === 0 ? 0xffff : sum, 6);
  const head = isIPv6(from.host) ? ipv6Head(segment.length) : ipv4Head(segment.length, id);
  const packet = Buffer.concat([head, source, destination, segment]);
  if (!isIPv6(from.host)) packet.writeUInt16BE(checksum(packet.subarray(0, 20)), 10);
  return packet;
}

function ipv4Head(length: number, id: number): Buffer {
  const head = Buffer.from([0x45, 0, 0, 0, 0, 0, 0, 0, TIME_TO_LIVE, UDP, 0, 0]);
  head.writeUInt16BE(20 + length, 2);
  head.writeUInt16BE(id & 0xffff, 4);
  return head;
}

function ipv6Head(length: number): Buffer {
  const head = Buffer.from([0x60, 0, 0, 0, 0, 0, UDP, TIME_TO_LIVE]);
  head.writeUInt16BE(length, 4);
  return head;
}

function addressBytes(host: string): Buffer {
  if (!isIPv6(host)) return Buffer.from(host.split(".").map(Number));
  const [left = [], right = []] = withoutDots(host.split("%")[0] as string).split("::")
    .map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return Buffer.from(
    [...left, ...zeros, ...right].map((group) => group.padStart(4, "0")).join(""),
    "hex",
  );
}

/** An end such as that of `::ffff:10.0.0.1` as two groups. RFC 4291, section 2.2. */
function withoutDots(host: string): string {
  return host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.map((byte) => Number(byte).toString(16).padStart(2, "0"));
    return `${a}${b}:${c}${d}`;
  });
}

/** RFC 1071: the complement of the sum of 16-bit words in ones' complement. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  if (bytes.length % 2 === 1) sum += (bytes.at(-1) as number) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
