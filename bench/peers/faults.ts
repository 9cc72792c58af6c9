/** Servers that fail in three ways beside ones that do not, and clients that tell what they got. */
import { Buffer } from "node:buffer";
import { readdirSync } from "node:fs";
import { request, writeRequestHead } from "../../src/http1/mod.ts";
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpListener, TcpSocket } from "../../src/net/mod.ts";

/** What every right answer holds: every byte value, long enough for several segments. */
export const BODY: Uint8Array = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));

const HEAD = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n`;

/** What clients were told, counted. */
export interface Outcomes {
  right: number;
  /** 502, 503 and 504. */
  refused: number;
  /** An answer whose end was missing, and the client could tell. */
  broken: number;
  /** Whatever must not be, in words. */
  readonly wrong: string[];
}

export interface FaultyServers {
  /** `HOST:PORT` of each: two that are right, one stopped, one silent, one that resets. */
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

export async function startFaultyServers(): Promise<FaultyServers> {
  const open = new Set<TcpSocket>();
  const start = (answer: (socket: TcpSocket) => void) =>
    nodeTcp.listen({ host: "127.0.0.1", port: 0 }, (socket) => {
      open.add(socket);
      let text = "";
      return {
        onData(bytes) {
          text += Buffer.from(bytes).toString("latin1");
          if (!text.includes("\r\n\r\n")) return;
          text = "";
          answer(socket);
        },
        onClose: () => void open.delete(socket),
      };
    });
  const right = (socket: TcpSocket) => {
    socket.write(HEAD);
    socket.write(BODY);
  };
  const resetting = (socket: TcpSocket) => {
    socket.write(HEAD);
    socket.write(BODY.subarray(0, BODY.length / 2));
    // Not before the kernel has sent it: a reset drops what waits.
    setTimeout(() => socket.reset(), 1);
  };
  const listeners: TcpListener[] = [
    await start(right),
    await start(right),
    await start(() => {}),
    await start(resetting),
  ];
  const stopped = await start(() => {});
  await stopped.close();
  return {
    addresses: [...listeners, stopped].map(({ port }) => `127.0.0.1:${port}`),
    close: async () => {
      for (const socket of open) socket.destroy();
      for (const listener of listeners) await listener.close();
    },
  };
}

/** Asks so many times, so many at once, each on a connection of its own. */
export async function askThrough(port: number, times: number, atOnce: number): Promise<Outcomes> {
  const outcomes: Outcomes = { right: 0, refused: 0, broken: 0, wrong: [] };
  let left = times;
  const client = async () => {
    while (left-- > 0) await askOnce(port, outcomes);
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return outcomes;
}

const REFUSALS = new Set([502, 503, 504]);
const PATIENCE_MS = 20_000;

async function askOnce(port: number, outcomes: Outcomes): Promise<void> {
  const message = writeRequestHead("GET", "/", [
    { name: "Host", value: `127.0.0.1:${port}` },
    { name: "Connection", value: "close" },
  ]);
  const pieces: Uint8Array[] = [];
  let status = 0;
  const limits = { connectMs: PATIENCE_MS, idleMs: PATIENCE_MS };
  try {
    await request({ host: "127.0.0.1", port, message, ...limits }, {
      onHead: (head) => void (status = head.status),
      onData: (bytes) => void pieces.push(Buffer.from(bytes)),
    });
  } catch (error) {
    const { code, message: what } = error as Error & { code?: string };
    // After a head, an end that is missing is a clear one; before it nobody was told anything.
    if (status === 200 && (code === "truncated" || code === "ECONNRESET")) outcomes.broken++;
    else outcomes.wrong.push(`status ${status}: ${what}`);
    return;
  }
  if (REFUSALS.has(status)) outcomes.refused++;
  else if (status === 200 && Buffer.concat(pieces).equals(BODY)) outcomes.right++;
  else {outcomes.wrong.push(
      `status ${status} with ${Buffer.concat(pieces).length} bytes, as if whole`,
    );}
}

/** Sockets that a process has open; Linux only. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
