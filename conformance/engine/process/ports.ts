/**
 * Which ports a set of processes listens on, read from the kernel's tables and never by connecting:
 * many small servers take an empty connection for a client.
 *
 * Source: proc(5), /proc/net/tcp. Addresses there are 32-bit words in the host's order,
 * little-endian here.
 */
import { listeningLines, readProc, socketInodes } from "./proc.ts";

export type Protocol = "tcp" | "udp";

export interface Listening {
  readonly protocol: Protocol;
  /** As bound: "127.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1". */
  readonly address: string;
  readonly port: number;
}

interface Socket extends Listening {
  readonly inode: number;
}

const TABLES = [["tcp", "tcp"], ["tcp6", "tcp"], ["udp", "udp"], ["udp6", "udp"]] as const;
/** TCP_LISTEN, and TCP_CLOSE, which for UDP says bound and not connected. */
const OPEN_STATE = { tcp: "0A", udp: "07" } as const;

/** For `since`, a moment of `performance.now()`: nothing that was seen before will do. */
const NOW = Infinity;

/** The listening sockets of some processes, the oldest socket first. */
export function listeningOf(pids: readonly number[], since = NOW): Listening[] {
  const sockets = [...openSockets(since)];
  if (sockets.length === 0) return [];
  const held = new Set(pids.flatMap(socketInodes));
  return sockets.filter(({ inode }) => held.has(inode))
    // Inodes are handed out in rising order.
    .sort((a, b) => a.inode - b.inode)
    .map(({ protocol, address, port }) => ({ protocol, address, port }));
}

/** The address, as bound, at which some processes have a port open, one of IPv4 if there is any. */
export function addressOfPort(
  pids: readonly number[],
  port: number,
  protocol: Protocol,
  since = NOW,
): string | undefined {
  const held = new Set(pids.flatMap(socketInodes));
  for (const socket of openSockets(since, protocol)) {
    if (socket.port === port && held.has(socket.inode)) return socket.address;
  }
  return undefined;
}

/** The same as numbers, each once. */
export function listeningPorts(pids: readonly number[]): { tcp: number[]; udp: number[] } {
  const sockets = listeningOf(pids);
  const ports = (wanted: Protocol) => [
    ...new Set(sockets.filter(({ protocol }) => protocol === wanted).map(({ port }) => port)),
  ];
  return { tcp: ports("tcp"), udp: ports("udp") };
}

/** Whether anyone on this host listens on a port. */
export function isListening(port: number, protocol: Protocol, since = NOW): boolean {
  for (const socket of openSockets(since, protocol)) if (socket.port === port) return true;
  return false;
}

/** The addresses, as bound, at which anyone on this host has a port open. */
export function addressesAt(port: number, protocol: Protocol): string[] {
  return [...openSockets(NOW, protocol)].filter((socket) => socket.port === port)
    .map(({ address }) => address);
}

/**
 * Every local port in use in any state: one in TIME_WAIT refuses a program that does not set
 * SO_REUSEADDR.
 */
export function localPorts(): Set<number> {
  return new Set(TABLES.flatMap(([table]) => fieldsOf(lines(table)).map((row) => portOf(row[1]!))));
}

/**
 * To end its list of IPv6 listeners the kernel walks through every connection of the host: 3 ms, and
 * 30 after thousands of short ones, where the other tables take 0.05. So those who poll share a look,
 * and spend no more than a small part of their time on it.
 */
const TCP6_LEAST_AGE_MS = 40;
const TCP6_SHARE = 1 / 15;
let tcp6: { readonly lines: string[]; readonly atMs: number; readonly tookMs: number } | undefined;

function tableLines(table: string, protocol: Protocol, since: number): string[] {
  if (protocol === "udp") return lines(table);
  if (table !== "tcp6") return listeningLines(table);
  const atMs = performance.now();
  const fresh = tcp6 !== undefined && tcp6.atMs > since &&
    atMs - tcp6.atMs < Math.max(TCP6_LEAST_AGE_MS, tcp6.tookMs / TCP6_SHARE);
  if (!tcp6 || !fresh) {
    const found = listeningLines(table);
    tcp6 = { lines: found, atMs, tookMs: performance.now() - atMs };
  }
  return tcp6.lines;
}

/**
 * One table after the other, so that who has found what it looks for saves the costly ones behind it.
 * What listens on IPv6 may be seen some time late, but as it is after the moment `since`.
 */
function* openSockets(since: number, wanted?: Protocol): Generator<Socket> {
  for (const [table, protocol] of TABLES) {
    if (wanted !== undefined && protocol !== wanted) continue;
    for (const row of fieldsOf(tableLines(table, protocol, since))) {
      if (row[3] !== OPEN_STATE[protocol]) continue;
      const [address, port] = [addressOf(row[1]!), portOf(row[1]!)];
      yield { protocol, address, port, inode: Number(row[9]) };
    }
  }
}

/** A table's lines; none where the kernel has no IPv6. */
function lines(table: string): string[] {
  return readProc(`net/${table}`)?.split("\n").slice(1) ?? [];
}

function fieldsOf(lines: readonly string[]): string[][] {
  return lines.map((line) => line.trim().split(/\s+/)).filter((row) => row.length > 9);
}

function portOf(local: string): number {
  return parseInt(local.slice(local.indexOf(":") + 1), 16);
}

/** "0100007F:1F90" is 127.0.0.1. */
function addressOf(local: string): string {
  const bytes = local.slice(0, local.indexOf(":")).match(/.{8}/g)!
    .flatMap((word) => word.match(/../g)!.reverse().map((byte) => parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join(".");
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex.startsWith("00000000000000000000ffff")) return `::ffff:${bytes.slice(12).join(".")}`;
  // The URL parser writes IPv6 addresses in their canonical form (RFC 5952).
  return new URL(`http://[${hex.match(/.{4}/g)!.join(":")}]`).hostname.slice(1, -1);
}
