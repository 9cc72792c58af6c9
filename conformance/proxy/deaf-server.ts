/** A server that listens and accepts no connection: its backlog is full, so that a handshake does not end. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { CaseContext } from "../engine/run/context.ts";
import { CaseSkipped } from "../engine/verdict.ts";
import { runApart } from "./own-process.ts";

/** Listens, and then does nothing: what comes stays in the kernel's queue. Runs in a process of its own. */
async function listenAndSleep(port: number): Promise<void> {
  const { createServer } = await import("node:net");
  const { default: own } = await import("node:process");
  createServer().listen({ host: "127.0.0.1", port, backlog: 1 }, () => {
    own.stdout.write("listens\n", () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  });
}

/** A handshake on loopback takes microseconds. */
const HANDSHAKE_MS = 500;
/** A runtime may set a backlog of its own. */
const MOST_CONNECTIONS = 1000;
const AT_ONCE = 50;

/** Its address, `127.0.0.1:PORT`. */
export async function startDeafServer(context: CaseContext): Promise<string> {
  const port = await context.deadPort();
  await runApart(context, listenAndSleep, port).firstLine;
  const fillers: Socket[] = [];
  context.onEnd(() => Promise.resolve(fillers.forEach((socket) => socket.destroy())));
  while (fillers.length < MOST_CONNECTIONS) {
    const more = Array.from({ length: AT_ONCE }, () => connect({ host: "127.0.0.1", port }));
    for (const socket of more) socket.on("error", () => {});
    fillers.push(...more);
    await delay(HANDSHAKE_MS);
    if (more.some(({ connecting }) => connecting)) return `127.0.0.1:${port}`;
  }
  throw new CaseSkipped(`a backlog took ${fillers.length} connections and was not full`);
}
