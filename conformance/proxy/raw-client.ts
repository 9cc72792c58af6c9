/** A client's connection to a proxy that sends any bytes and keeps all that comes, unread. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpSocket } from "../../src/net/mod.ts";
import { bytesOf } from "../engine/bytes.ts";
import type { Course } from "./course.ts";

const CONNECT_MS = 5000;

export class RawClient {
  readonly #socket: TcpSocket;
  readonly #parts: Uint8Array[] = [];
  /** The proxy will say no more: it ended, reset or closed. */
  closed = false;
  /** It was broken off rather than ended. */
  broken = false;

  private constructor(socket: TcpSocket) {
    this.#socket = socket;
  }

  /** Rejects with a NetError where nothing listens. Wakes who waits on the log of the case. */
  static async open({ context, proxy }: Course): Promise<RawClient> {
    const { host, port } = proxy;
    let client: RawClient | undefined;
    await nodeTcp.connect({ host, port, timeoutMs: CONNECT_MS }, (socket) => {
      const opened = client = new RawClient(socket);
      return {
        onData: (bytes) => {
          opened.#parts.push(Buffer.from(bytes));
          context.log.changed();
        },
        onEnd: () => {
          opened.closed = true;
          context.log.changed();
        },
        onClose: (error) => {
          opened.broken ||= error !== undefined;
          opened.closed = true;
          context.log.changed();
        },
      };
    });
    const opened = client as unknown as RawClient;
    context.onEnd(() => Promise.resolve(opened.close()));
    return opened;
  }

  /** Latin-1. */
  send(text: string): void {
    this.#socket.write(bytesOf(text));
  }

  /** Each byte in a segment of its own, as far as the kernel lets that be. */
  async sendByteByByte(text: string): Promise<void> {
    for (const byte of bytesOf(text)) {
      if (this.closed) return;
      this.#socket.write(Buffer.of(byte));
      await new Promise((done) => setImmediate(done));
    }
  }

  /** All that came. */
  get bytes(): Buffer {
    if (this.#parts.length > 1) this.#parts.splice(0, Infinity, Buffer.concat(this.#parts));
    return (this.#parts[0] ?? Buffer.alloc(0)) as Buffer;
  }

  /** Says that no more will be sent. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}
