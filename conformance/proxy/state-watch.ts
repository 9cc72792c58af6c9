/**
 * Sees every rewrite of the state file, also one with the same content, by looking at the file every
 * few milliseconds: the runtimes' notices of changes differ.
 */
import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { EventLog } from "../engine/event-log.ts";

export interface Rewrite {
  /** Milliseconds on the runtime's clock when it was seen. */
  readonly atMs: number;
  /** Without white space around it, and without the port 80, at most `CONTENT_BYTES` of it. */
  readonly content: string;
  /** The place of the server among those listed; -1 for none of them. */
  readonly index: number;
  /** Another rewrite may have come before it without being seen. */
  readonly afterGap: boolean;
}

interface Look {
  readonly atMs: number;
  /** Tells two versions of the file apart. */
  readonly version: string;
  readonly content: string;
}

export interface WatchOptions {
  readonly path: string;
  /** `host:port`. */
  readonly listed: readonly string[];
  readonly log: EventLog;
}

const CONTENT_BYTES = 4096;
/** The shortest interval, a second under a clock that runs 60 times as fast, is 17 ms. */
const LOOK_EVERY_MS = 3;

/** A writer that had to wait for a core may leave the file empty or in part for so long. */
const WRITING_MS = 250;

export class StateWatch {
  readonly rewrites: Rewrite[] = [];
  /** Milliseconds between two rewrites, as they should be. */
  intervalMs = 1000;
  readonly #options: WatchOptions;
  readonly #buffer = Buffer.alloc(CONTENT_BYTES);
  readonly #timer: ReturnType<typeof setInterval>;
  #lastLookMs = performance.now();
  /** Not yet a rewrite: it may be half of one. */
  #unsettled: Look | undefined;
  #version = "";

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** What lasts shorter than this is a step on the way to a rewrite. */
  get briefMs(): number {
    return this.intervalMs / 3;
  }

  /** Resolves when no rewrite has come for so long, or `done` says that enough is seen. */
  async until(done: () => boolean, patienceMs: number): Promise<void> {
    const { log } = this.#options;
    for (let seen = -1; seen < this.rewrites.length && !done();) {
      seen = this.rewrites.length;
      await log.waitFor(() => done() || this.rewrites.length > seen, patienceMs);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const look = this.#read();
    const sinceLastMs = performance.now() - this.#lastLookMs;
    this.#lastLookMs += sinceLastMs;
    if (!look) return;
    const index = indexOf(this.#options.listed, look.content);
    const last = this.rewrites.at(-1);
    const same = look.version === this.#version;
    if (same && look.content === last?.content) return;
    if (index < 0 && !this.#settles(look)) return;
    const atMs = this.#unsettled?.atMs ?? look.atMs;
    const found = { atMs, content: look.content, index };
    this.#unsettled = undefined;
    this.#version = look.version;
    // A writer's second step, or a second write of the same.
    if (last && atMs - last.atMs < this.briefMs && (same || last.content === look.content)) {
      this.rewrites[this.rewrites.length - 1] = { ...last, ...found, atMs: last.atMs };
    } else {
      const afterGap = sinceLastMs > this.intervalMs / 2;
      this.rewrites.push({ ...found, afterGap });
    }
    this.#options.log.add("state file", printable(look.content));
  }

  /** Whether what is no listed server has been there for longer than a writer needs. */
  #settles(look: Look): boolean {
    const known = this.#unsettled;
    if (known?.version === look.version && known.content === look.content) {
      const isPart = this.#options.listed.some((address) => address.startsWith(look.content));
      return look.atMs - known.atMs >= (isPart ? Math.max(WRITING_MS, this.briefMs) : this.briefMs);
    }
    this.#unsettled = look;
    return false;
  }

  #read(): Look | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(this.#options.path, "r");
    } catch {
      return undefined;
    }
    try {
      const { ino, mtimeNs } = fstatSync(descriptor, { bigint: true });
      const count = readSync(descriptor, this.#buffer, 0, CONTENT_BYTES, 0);
      return {
        atMs: performance.now(),
        version: `${ino} ${mtimeNs}`,
        content: plainAddress(this.#buffer.toString("latin1", 0, count)),
      };
    } catch {
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  }
}

/** An address as it is compared: without white space around it, and without the port 80. */
export function plainAddress(text: string): string {
  return text.trim().replace(/:80$/, "");
}

/** The place among those listed; -1 for none of them. */
export function indexOf(listed: readonly string[], content: string): number {
  return listed.findIndex((address) => plainAddress(address) === plainAddress(content));
}

function printable(content: string): string {
  return JSON.stringify(content.slice(0, 200));
}
