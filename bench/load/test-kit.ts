/** For tests: servers that answer as they are told, a load generator, and plans for it. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpSocket } from "../../src/net/mod.ts";
import { Lifetime } from "../lifetime.ts";
import { startLoadGenerator } from "./generator.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";

/** One request to such a server. */
export interface Asked {
  readonly head: string;
  readonly socket: TcpSocket;
  /** Of the request, over all connections, and of its connection, from 0. */
  readonly serial: number;
  readonly connection: number;
}

export interface Stand {
  readonly url: string;
  /** Connections that it has seen, and that are open. */
  readonly seen: () => number;
  readonly open: () => number;
  /** Stops listening and drops every connection. */
  die(): Promise<void>;
}

const stands = new Set<Stand>();

export async function serve(respond: (asked: Asked) => void): Promise<Stand> {
  let serial = 0;
  let connections = 0;
  const sockets = new Set<TcpSocket>();
  const listener = await nodeTcp.listen({ host: "127.0.0.1", port: 0 }, (socket) => {
    const connection = connections++;
    let text = "";
    sockets.add(socket);
    return {
      onData(bytes) {
        text += Buffer.from(bytes).toString("latin1");
        for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
          const head = text.slice(0, end + 4);
          text = text.slice(end + 4);
          respond({ head, socket, serial: serial++, connection });
        }
      },
      onClose: () => void sockets.delete(socket),
    };
  });
  const stand: Stand = {
    url: `http://127.0.0.1:${listener.port}/file`,
    seen: () => connections,
    open: () => sockets.size,
    die: async () => {
      await listener.close();
      for (const socket of sockets) socket.destroy();
      stands.delete(stand);
    },
  };
  stands.add(stand);
  return stand;
}

/** An answer with a length. */
export function answer(body: string, ...fields: string[]): string {
  const lines = ["HTTP/1.1 200 OK", `Content-Length: ${body.length}`, ...fields, "", body];
  return lines.join("\r\n");
}

export function sha256(body: string): string {
  return createHash("sha256").update(body, "latin1").digest("hex");
}

/** What every request of a test asks for unless it says something else. */
export const BODY = "0123456789".repeat(30);

/** One request on one connection; with a rate, so many in the given time. */
export function planFor(url: string, changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    url,
    expect: { kind: "body", sha256: sha256(BODY), bytes: BODY.length },
    connections: 1,
    rate: undefined,
    keepAlive: true,
    follow: false,
    durationMs: 0,
    timeoutMs: 10_000,
    ...changes,
  };
}

/** So many requests one after the other on one connection, a millisecond apart at least. */
export function inTurn(count: number): Partial<LoadPlan> {
  return { rate: 1000, durationMs: count };
}

const life = new Lifetime("ignore");
const generator = startLoadGenerator(life, { workers: 1 });

/** By a worker that all tests of a file share. */
export function load(plan: LoadPlan): Promise<LoadResult> {
  return generator.run(plan, new AbortController().signal);
}

/** Puts load on a stand-in that goes afterwards. */
export async function loadOn(
  respond: (asked: Asked) => void,
  changes: Partial<LoadPlan> = {},
): Promise<LoadResult & { readonly connections: number }> {
  const stand = await serve(respond);
  try {
    const result = await load(planFor(stand.url, changes));
    return { ...result, connections: stand.seen() };
  } finally {
    await stand.die();
  }
}

/** To be called when a file's tests are over: one that failed may have left its servers. */
export function endLoads(): void {
  life.end();
  for (const stand of stands) stand.die();
}
