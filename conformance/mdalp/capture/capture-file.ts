/**
 * Reads pcap and pcapng files. Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. A file that
 * ends early, or holds a block that makes no sense, gives what came before.
 */
import { Buffer } from "node:buffer";

export interface CapturedFrame {
  /** Seconds since 1970. */
  readonly timeS: number;
  /** The link type, as registered by tcpdump.org. */
  readonly linkType: number;
  /** The bytes that were kept. */
  readonly bytes: Buffer;
  /** How long the frame was on the wire. */
  readonly wireLength: number;
  /** What pcapng's first comment of the packet says. */
  readonly comment?: string;
}

export interface Capture {
  readonly format: "pcap" | "pcapng";
  readonly frames: readonly CapturedFrame[];
  /** What pcapng's first comment of a section says. */
  readonly comment?: string;
  /** What was wrong with the file, in sentences; empty for nothing. */
  readonly problems: readonly string[];
}

/** A file that is no capture. */
export class CaptureError extends Error {
  readonly code = "not-a-capture";
}

/** More than any interface hands over in one piece; a larger length is a damaged file. */
const LONGEST_FRAME = 256 * 1024;

export function readCapture(file: Uint8Array): Capture {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 24) {
    throw new CaptureError(
      `${bytes.length} bytes are too few for a capture; give a pcap or pcapng file`,
    );
  }
  if (bytes.readUInt32BE(0) === 0x0a0d0d0a) return readPcapng(bytes);
  const magic = PCAP_MAGICS.find(({ value, little }) => readUInt32(bytes, 0, little) === value);
  if (!magic) {
    const start = bytes.toString("hex", 0, 4);
    throw new CaptureError(`the file begins with ${start}, which neither pcap nor pcapng does`);
  }
  return readPcap(bytes, magic.little, magic.perSecond);
}

const PCAP_MAGICS = [
  { value: 0xa1b2c3d4, little: true, perSecond: 1e6 },
  { value: 0xa1b2c3d4, little: false, perSecond: 1e6 },
  { value: 0xa1b23c4d, little: true, perSecond: 1e9 },
  { value: 0xa1b23c4d, little: false, perSecond: 1e9 },
];

function readPcap(bytes: Buffer, little: boolean, perSecond: number): Capture {
  // The upper half says how long frame check sequences are.
  const linkType = readUInt32(bytes, 20, little) & 0xffff;
  const frames: CapturedFrame[] = [];
  const problems: string[] = [];
  let at = 24;
  while (at < bytes.length) {
    if (at + 16 > bytes.length) {
      problems.push("the file ends inside a packet's header");
      break;
    }
    const kept = readUInt32(bytes, at + 8, little);
    if (kept > LONGEST_FRAME || at + 16 + kept > bytes.length) {
      problems.push("the file ends inside a packet");
      break;
    }
    const seconds = readUInt32(bytes, at, little);
    const fraction = readUInt32(bytes, at + 4, little);
    frames.push({
      timeS: seconds + fraction / perSecond,
      linkType,
      bytes: bytes.subarray(at + 16, at + 16 + kept),
      wireLength: readUInt32(bytes, at + 12, little),
    });
    at += 16 + kept;
  }
  return { format: "pcap", frames, problems };
}

interface Interface {
  readonly linkType: number;
  readonly unitsPerSecond: number;
  readonly offsetS: number;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

function readPcapng(bytes: Buffer): Capture {
  const frames: CapturedFrame[] = [];
  // A set: a file may hold a million blocks with the same fault.
  const problems = new Set<string>();
  let interfaces: Interface[] = [];
  let little = true;
  let comment: string | undefined;
  for (let at = 0; at < bytes.length;) {
    if (at + 12 > bytes.length) {
      problems.add("the file ends inside a block's header");
      break;
    }
    if (bytes.readUInt32BE(at) === SECTION_HEADER) {
      little = bytes.readUInt32LE(at + 8) === 0x1a2b3c4d;
      if (!little && bytes.readUInt32BE(at + 8) !== 0x1a2b3c4d) {
        problems.add("a section without its byte-order mark");
        break;
      }
      interfaces = [];
    }
    const type = readUInt32(bytes, at, little);
    const length = readUInt32(bytes, at + 4, little);
    if (length < 12 || length % 4 !== 0 || at + length > bytes.length) {
      problems.add("the file ends inside a block");
      break;
    }
    const body = bytes.subarray(at + 8, at + length - 4);
    if (type === SECTION_HEADER) comment ??= commentOf(body.subarray(16), little);
    if (type === INTERFACE && body.length >= 8) interfaces.push(readInterface(body, little));
    if (type === ENHANCED_PACKET) {
      const frame = readEnhanced(body, little, interfaces);
      if (frame) frames.push(frame);
      else problems.add("a packet block that makes no sense was left out");
    }
    if (type === SIMPLE_PACKET && interfaces[0] && body.length >= 4) {
      problems.add("a packet without a time was left out");
    }
    at += length;
  }
  const told = comment === undefined ? {} : { comment };
  return { format: "pcapng", frames, ...told, problems: [...problems] };
}

const OPTION_COMMENT = 1;
const OPTION_RESOLUTION = 9;
const OPTION_OFFSET = 14;

function readInterface(body: Buffer, little: boolean): Interface {
  let unitsPerSecond = 1e6;
  let offsetS = 0;
  for (const { code, value } of options(body.subarray(8), little)) {
    if (code === OPTION_RESOLUTION && value.length >= 1) {
      const power = value[0] as number;
      unitsPerSecond = power & 0x80 ? 2 ** (power & 0x7f) : 10 ** power;
    }
    if (code === OPTION_OFFSET && value.length >= 8) {
      offsetS = Number(little ? value.readBigInt64LE(0) : value.readBigInt64BE(0));
    }
  }
  return {
    linkType: little ? body.readUInt16LE(0) : body.readUInt16BE(0),
    unitsPerSecond,
    offsetS,
  };
}

function* options(bytes: Buffer, little: boolean): Generator<{ code: number; value: Buffer }> {
  for (let at = 0; at + 4 <= bytes.length;) {
    const code = little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    const length = little ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2);
    if (code === 0 || at + 4 + length > bytes.length) return;
    yield { code, value: bytes.subarray(at + 4, at + 4 + length) };
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

function commentOf(bytes: Buffer, little: boolean): string | undefined {
  for (const { code, value } of options(bytes, little)) {
    if (code === OPTION_COMMENT) return value.toString("utf8");
  }
  return undefined;
}

function readEnhanced(
  body: Buffer,
  little: boolean,
  interfaces: readonly Interface[],
): CapturedFrame | undefined {
  if (body.length < 20) return undefined;
  const on = interfaces[readUInt32(body, 0, little)];
  const kept = readUInt32(body, 12, little);
  if (!on || kept > body.length - 20) return undefined;
  const units = readUInt32(body, 4, little) * 2 ** 32 + readUInt32(body, 8, little);
  const comment = commentOf(body.subarray(20 + Math.ceil(kept / 4) * 4), little);
  return {
    timeS: units / on.unitsPerSecond + on.offsetS,
    linkType: on.linkType,
    bytes: body.subarray(20, 20 + kept),
    wireLength: readUInt32(body, 16, little),
    ...(comment === undefined ? {} : { comment }),
  };
}

function readUInt32(bytes: Buffer, at: number, little: boolean): number {
  return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}
