/** For the tests of this folder: a proxy over servers that a test plays byte by byte. */
import type { TcpListener } from "../net/mod.ts";
import { dial, listenAsPeer } from "../net/test-kit.ts";
import type { Peer } from "../net/test-kit.ts";
import { silentLog } from "../redirect/log.ts";
import { Health } from "./health.ts";
import { startProxy } from "./proxy.ts";
import type { ProxyOptions } from "./proxy.ts";
import { UpstreamTable } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

/** A server in a test's hands: its connections, in the order in which they opened. */
export interface Played {
  readonly port: number;
  readonly peers: readonly Peer[];
  /** Waits for the connection of this number, from 0. */
  peer(index: number): Promise<Peer>;
  close(): Promise<void>;
}

/** Starts one; `met` is called with each connection, and may answer it by itself. */
export async function play(met: (peer: Peer, index: number) => void = () => {}): Promise<Played> {
  const peers: Peer[] = [];
  let waiting: (() => void)[] = [];
  const listener: TcpListener = await listenAsPeer((peer) => {
    peers.push(peer);
    met(peer, peers.length - 1);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  });
  return {
    port: listener.port,
    peers,
    async peer(index) {
      while (peers.length <= index) await new Promise<void>((done) => waiting.push(done));
      return peers[index] as Peer;
    },
    close: async () => {
      for (const { socket } of peers) socket.destroy();
      await listener.close();
    },
  };
}

/** Answers each request of a connection, by its head, as soon as the head is there. */
export function answering(answer: (head: string, serial: number) => string) {
  return async (peer: Peer) => {
    let taken = 0;
    for (let serial = 0;; serial++) {
      const rest = () => peer.text().slice(taken);
      await peer.until("a request", () => rest().includes("\r\n\r\n") || peer.closings > 0)
        .catch(() => {});
      if (peer.closings > 0) return;
      const head = rest().slice(0, rest().indexOf("\r\n\r\n") + 4);
      taken += head.length;
      peer.socket.write(answer(head, serial));
    }
  };
}

export interface Scene {
  readonly client: Peer;
  readonly port: number;
  readonly upstreams: readonly Upstream[];
  /** Another client. */
  dial(): Promise<Peer>;
}

/** Runs a test with a proxy that takes its servers in turn, and one client of it. */
export async function withProxy(
  servers: readonly (Played | number)[],
  run: (scene: Scene) => Promise<void>,
  options: Partial<ProxyOptions> = {},
): Promise<void> {
  const table = new UpstreamTable();
  const upstreams = servers.map((server) =>
    table.at(`127.0.0.1:${typeof server === "number" ? server : server.port}`)
  );
  let turn = 0;
  const proxy = await startProxy({
    host: "127.0.0.1",
    port: 0,
    strategy: { pick: (usable) => usable[turn++ % usable.length] },
    listed: upstreams,
    table,
    health: new Health({ now: () => performance.now() }),
    connectMs: 5000,
    answerMs: 10_000,
    log: silentLog,
    ...options,
  });
  const clients: Peer[] = [];
  const dialled = async () => {
    const client = await dial(proxy.port);
    clients.push(client);
    return client;
  };
  try {
    await run({ client: await dialled(), port: proxy.port, upstreams, dial: dialled });
  } finally {
    for (const { socket } of clients) socket.destroy();
    await proxy.close();
    for (const server of servers) if (typeof server !== "number") await server.close();
  }
}
