/** For tests: a peer that says what it is told to and keeps what it hears, and waiting with an end. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "./tcp-node.ts";
import type { NetError, TcpDriver, TcpHandler, TcpListener, TcpSocket } from "./tcp.ts";

/** How long a test waits for what must come: long for a loaded machine, as it is no measure. */
const PATIENCE_MS = 15_000;

/** The promise's outcome, or a failure that names what did not come. */
export async function within<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise and its keys. */
export function latch<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => open = resolve);
  return { promise, open };
}

/** One end of a connection, in a test's hands. */
export class Peer implements TcpHandler {
  readonly socket: TcpSocket;
  /** Bytes received. */
  received = 0;
  ended = false;
  /** How often the socket said that it was gone; more than once is a fault. */
  closings = 0;
  error: NetError | undefined;
  #pieces: Buffer[] = [];
  #waiting: (() => void)[] = [];

  constructor(socket: TcpSocket) {
    this.socket = socket;
  }

  bytes(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] ?? Buffer.alloc(0);
  }

  /** All that was received, as Latin-1. */
  text(): string {
    return this.bytes().toString("latin1");
  }

  /** Waits for a condition, looked at after each event of this peer. */
  until(what: string, ready: () => boolean, ms = PATIENCE_MS): Promise<void> {
    const { promise, open } = latch();
    const look = () => {
      if (ready()) open();
      else this.#waiting.push(look);
    };
    look();
    return within(what, promise, ms).catch((error: Error) => {
      const heard = JSON.stringify(this.text().slice(-300));
      throw new Error(`${error.message}; ${this.received} bytes came, the last: ${heard}`);
    });
  }

  /** Waits until the other side is done, by an end or by closing. */
  untilOver(): Promise<void> {
    return this.until("the end of the connection", () => this.ended || this.closings > 0);
  }

  onData(bytes: Uint8Array): void {
    this.#pieces.push(Buffer.from(bytes));
    this.received += bytes.length;
    this.#wake();
  }

  onEnd(): void {
    this.ended = true;
    this.#wake();
  }

  onDrain(): void {
    this.#wake();
  }

  onClose(error: NetError | undefined): void {
    this.closings++;
    this.error = error;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }
}

/** Connects to a port of this machine. */
export async function dial(port: number, driver: TcpDriver = nodeTcp): Promise<Peer> {
  let peer: Peer | undefined;
  await driver.connect({ host: "127.0.0.1", port, timeoutMs: PATIENCE_MS }, (socket) => {
    return peer = new Peer(socket);
  });
  return peer as Peer;
}

/** A listener whose connections are peers; `met` is called with each when it opens. */
export function listenAsPeer(
  met: (peer: Peer) => void,
  driver: TcpDriver = nodeTcp,
): Promise<TcpListener> {
  return driver.listen({ host: "127.0.0.1", port: 0 }, (socket) => {
    const peer = new Peer(socket);
    met(peer);
    return peer;
  });
}

/** A stand-in HTTP server: gives each request's head, as text, its answer; then ends or stays. */
export function answerWith(
  answer: (head: string, peer: Peer, serial: number) => void,
): Promise<TcpListener> {
  let serial = 0;
  return listenAsPeer((peer) => {
    peer.until("a request's head", () => peer.closings > 0 || /\r\n\r\n/.test(peer.text()))
      .then(() => {
        if (peer.closings === 0) answer(peer.text(), peer, serial++);
      }, () => peer.socket.destroy());
  });
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const listener = await listenAsPeer(() => {});
  await listener.close();
  return listener.port;
}

/** What a promise is rejected with; a promise that is kept is the failure. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await within("an error", promise);
  } catch (error) {
    return error as Error;
  }
  throw new Error("there was no error");
}
