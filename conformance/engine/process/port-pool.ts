/**
 * Ports for the cases of one run: none is given twice at a time, and each was free a moment ago.
 *
 * The range lies below Linux's ephemeral ports (32768 up), so no outgoing connection takes one in
 * between.
 */
import { createServer } from "node:net";
import { ProcessError } from "./errors.ts";
import { BLOCK_PORTS, PortBlocks } from "./port-block.ts";
import { localPorts } from "./ports.ts";

export const FIRST_PORT = 20000;
export const LAST_PORT = 31999;
const COUNT = LAST_PORT - FIRST_PORT + 1;

/** A program may bind any of these, so all must be free. */
const ADDRESSES = ["127.0.0.1", "0.0.0.0", "::"];

const TABLE_AGE_MS = 3000;

/** Enough that a port which was released rests for some cases before it is given again. */
const BLOCKS_AT_FIRST = 2;

/** All pools of a process share its blocks, and what is taken of them. */
const blocks = new PortBlocks(COUNT / BLOCK_PORTS);
const own: number[] = [];
const allTaken = new Set<number>();
/** Where among its own to look: it goes round, so that a released one rests. */
let next = 0;

export class PortPool {
  #busy: ReadonlySet<number> = new Set();
  #readAtMs = -Infinity;

  /** Takes free ports. Throws `ProcessError` "no-ports" when the range has not that many. */
  async take(count: number): Promise<number[]> {
    const ports: number[] = [];
    const busy = this.#busyPorts();
    for (let looked = 0; ports.length < count; looked++) {
      const seen = looked >= own.length;
      if (
        (seen || own.length < BLOCKS_AT_FIRST * BLOCK_PORTS) && !await this.#grow() && seen
      ) {
        this.release(ports);
        throw new ProcessError(
          "no-ports",
          `${count} free ports wanted, ${ports.length} found from ${FIRST_PORT} to ${LAST_PORT}: run fewer jobs at once`,
        );
      }
      const port = own[next] as number;
      next = (next + 1) % own.length;
      if (allTaken.has(port) || busy.has(port)) continue;
      // Taken before it is tried, since another case may ask meanwhile.
      allTaken.add(port);
      if (await isFree(port)) ports.push(port);
      else allTaken.delete(port);
    }
    return ports;
  }

  /** Takes another block; false where there is none to be had. */
  async #grow(): Promise<boolean> {
    const block = await blocks.take();
    if (block === undefined) return false;
    const first = FIRST_PORT + block * BLOCK_PORTS;
    own.push(...Array.from({ length: BLOCK_PORTS }, (_, i) => first + i));
    return true;
  }

  /** The kernel's table may have thousands of lines, and each port is tried by itself too. */
  #busyPorts(): ReadonlySet<number> {
    const now = performance.now();
    if (now - this.#readAtMs > TABLE_AGE_MS) {
      this.#busy = localPorts();
      this.#readAtMs = now;
    }
    return this.#busy;
  }

  release(ports: readonly number[]): void {
    for (const port of ports) allTaken.delete(port);
  }
}

async function isFree(port: number): Promise<boolean> {
  for (const address of ADDRESSES) if (!(await canBind(port, address))) return false;
  return true;
}

function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    // A host without IPv6 has nothing bound there either.
    server.once(
      "error",
      (error: NodeJS.ErrnoException) =>
        done(error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL"),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(true)));
  });
}
