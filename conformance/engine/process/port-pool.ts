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

export class PortPool {
  readonly #taken = new Set<number>();
  readonly #blocks = new PortBlocks(COUNT / BLOCK_PORTS);
  /** The ports of this suite, and the next to be looked at: it goes round, so that a released one rests. */
  #own: number[] = [];
  #next = 0;
  #busy: ReadonlySet<number> = new Set();
  #readAtMs = -Infinity;

  /** Takes free ports. Throws `ProcessError` "no-ports" when the range has not that many. */
  async take(count: number): Promise<number[]> {
    const ports: number[] = [];
    const busy = this.#busyPorts();
    for (let looked = 0; ports.length < count; looked++) {
      const seen = looked >= this.#own.length;
      if (
        (seen || this.#own.length < BLOCKS_AT_FIRST * BLOCK_PORTS) && !await this.#grow() && seen
      ) {
        this.release(ports);
        throw new ProcessError(
          "no-ports",
          `${count} free ports wanted, ${ports.length} found from ${FIRST_PORT} to ${LAST_PORT}: run fewer jobs at once`,
        );
      }
      const port = this.#own[this.#next] as number;
      this.#next = (this.#next + 1) % this.#own.length;
      if (this.#taken.has(port) || busy.has(port)) continue;
      // Taken before it is tried, since another case may ask meanwhile.
      this.#taken.add(port);
      if (await isFree(port)) ports.push(port);
      else this.#taken.delete(port);
    }
    return ports;
  }

  /** Takes another block; false where there is none to be had. */
  async #grow(): Promise<boolean> {
    const block = await this.#blocks.take();
    if (block === undefined) return false;
    const first = FIRST_PORT + block * BLOCK_PORTS;
    this.#own.push(...Array.from({ length: BLOCK_PORTS }, (_, i) => first + i));
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
    for (const port of ports) this.#taken.delete(port);
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
