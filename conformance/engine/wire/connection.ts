/** The suite's own connection to a program under test. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../../../src/net/mod.ts";
import type { TcpSocket } from "../../../src/net/mod.ts";
import { ResponseReader } from "./received.ts";
import type { ReceivedMessage } from "./received.ts";

/** Milliseconds for a connection to a program that listens. */
const CONNECT_MS = 5000;

/**
 * How long a body that only a close can end may be silent before it is taken as it is: rule
 * redirect.balancer.message-ends allows 2 s, and a busy machine gets a little more.
 */
export const SILENCE_MS = 2500;

export class Connection {
  readonly #socket: TcpSocket;
  #pending: Uint8Array = Buffer.alloc(0);
  #arrived: Uint8Array[] = [];
  #closed = false;
  #failure: string | undefined;
  #wake: (() => void) | undefined;
  #paused = false;

  private constructor(socket: TcpSocket) {
    this.#socket = socket;
  }

  /** Rejects with a NetError when nothing listens there. */
  static async open(host: string, port: number): Promise<Connection> {
    let connection: Connection | undefined;
    await nodeTcp.connect({ host, port, timeoutMs: CONNECT_MS }, (socket) => {
      const opened = new Connection(socket);
      connection = opened;
      return {
        onData(bytes) {
          opened.#arrived.push(bytes);
          opened.#wake?.();
        },
        onEnd() {
          opened.#closed = true;
          opened.#wake?.();
        },
        onClose(error) {
          opened.#closed = true;
          opened.#failure = error?.message;
          opened.#wake?.();
        },
      };
    });
    return connection as unknown as Connection;
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** Stops reading, as a slow reader does. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (this.#paused) this.#socket.resume();
    this.#paused = false;
  }

  get closed(): boolean {
    return this.#closed && this.#arrived.length === 0 && this.#pending.length === 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  /**
   * Reads one response. Resolves at its end, at a close, or after `deadlineMs` without one; a body
   * that only a close could end is given `SILENCE_MS` without a byte.
   */
  async read(
    options: {
      readonly deadlineMs: number;
      readonly bodiless?: boolean;
      /** Patience with a body that only a close could end. */
      readonly silenceMs?: number;
    },
  ): Promise<ReceivedMessage> {
    const reader = new ResponseReader(options.bodiless ?? false);
    const until = performance.now() + options.deadlineMs;
    for (;;) {
      if (this.#pending.length > 0) {
        this.#pending = reader.push(this.#pending);
      } else if (this.#arrived.length > 0) {
        this.#pending = this.#arrived.shift() as Uint8Array;
        continue;
      }
      if (reader.complete) return reader.result("complete");
      if (this.#arrived.length > 0) continue;
      if (this.#closed) return reader.result("closed", this.#failure);
      const left = until - performance.now();
      const silenceMs = options.silenceMs ?? SILENCE_MS;
      const patience = reader.awaitsClose ? Math.min(left, silenceMs) : left;
      if (patience <= 0 || !await this.#news(patience)) return reader.result("silence");
    }
  }

  /** Whether a byte or a close comes within so many milliseconds; nothing is taken. */
  async speaks(milliseconds: number): Promise<boolean> {
    if (this.#pending.length > 0 || this.#arrived.length > 0 || this.#closed) return true;
    return await this.#news(milliseconds);
  }

  /** Waits for the peer to close; false after the deadline. Bytes that come are dropped. */
  async closes(deadlineMs: number): Promise<boolean> {
    const until = performance.now() + deadlineMs;
    while (!this.#closed) {
      this.#arrived = [];
      const left = until - performance.now();
      if (left <= 0 || !await this.#news(left)) return this.#closed;
    }
    return true;
  }

  /** Waits until something happens on the connection; false after so many milliseconds. */
  #news(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#wake = undefined;
        resolve(false);
      }, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(true);
      };
      if (this.#arrived.length > 0 || this.#closed) this.#wake();
    });
  }
}

/** One request on a connection of its own. */
export async function exchange(
  host: string,
  port: number,
  message: Uint8Array | string,
  options: {
    readonly deadlineMs: number;
    readonly bodiless?: boolean;
    readonly silenceMs?: number;
  },
): Promise<ReceivedMessage> {
  const connection = await Connection.open(host, port);
  try {
    connection.send(message);
    return await connection.read(options);
  } finally {
    connection.close();
  }
}
