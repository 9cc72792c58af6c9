/**
 * Blocks of ports that one suite on a host has for itself: two that walk through the same ports side by
 * side would each give a program a port that the other's program binds first.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Server } from "node:net";

export const BLOCK_PORTS = 200;

/** Nothing else listens here: who holds `FIRST_LOCK + n` has the block n. */
const LOCK_HOST = "127.83.84.77";
const FIRST_LOCK = 19_000;

export class PortBlocks {
  readonly #count: number;
  readonly #held: Server[] = [];
  #next: number;

  constructor(count: number) {
    this.#count = count;
    this.#next = randomInt(count);
  }

  /** Takes a block for the rest of the process; undefined where others have them all. */
  async take(): Promise<number | undefined> {
    for (let looked = 0; looked < this.#count; looked++) {
      const block = this.#next;
      this.#next = (this.#next + 1) % this.#count;
      const lock = await hold(FIRST_LOCK + block);
      if (!lock) continue;
      this.#held.push(lock);
      return block;
    }
    return undefined;
  }
}

/** Held until the process ends, which it does not keep from ending. */
function hold(port: number): Promise<Server | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => done(undefined));
    server.listen({ host: LOCK_HOST, port, exclusive: true }, () => done(server.unref()));
  });
}
