/**
 * TCP over Bun's own sockets: a fifth more requests per second than `node:net` on Bun. Bun's write
 * takes what the kernel takes and returns the count; the rest is kept here, in order.
 */
import { Buffer } from "node:buffer";
import { NetError } from "./tcp.ts";
import type {
  ConnectOptions,
  ListenOptions,
  TcpDriver,
  TcpHandler,
  TcpListener,
  TcpSocket,
} from "./tcp.ts";

/** The part of Bun's socket that is used here. */
interface RawSocket {
  data: BunSocket;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  write(data: Uint8Array | string, offset?: number, length?: number): number;
  end(): void;
  shutdown(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

interface BunApi {
  listen(options: unknown): { port: number; hostname: string; stop(force: boolean): void };
  connect(options: unknown): Promise<RawSocket>;
}

/** An idle connection is found this many times in its idle time, so a quarter of it late at most. */
const IDLE_LOOKS = 4;

/** Where short texts become bytes on their way to the kernel; holds nothing between two calls. */
const SCRATCH = Buffer.allocUnsafeSlow(16 * 1024);

const bun = (globalThis as { Bun?: BunApi }).Bun;

class BunSocket implements TcpSocket {
  readonly raw: RawSocket;
  /** What its errors are told of. */
  readonly #attempt: string;
  handler: TcpHandler | undefined;
  #queue: Uint8Array[] = [];
  #ending = false;
  #closed = false;
  #destroyed = false;
  #peerEnded = false;
  /** A write has failed; what came before is still to be read. */
  #broken = false;
  #reset: NetError | undefined;
  #idleTimer: ReturnType<typeof setInterval> | undefined;
  /** Looks at this socket since its last traffic. */
  #quietLooks = 0;

  constructor(raw: RawSocket, attempt: string) {
    this.raw = raw;
    this.#attempt = attempt;
  }

  /** Bun makes the text anew at each look. */
  #remoteAddress: string | undefined;

  get remoteAddress(): string {
    return this.#remoteAddress ??= this.raw.remoteAddress;
  }

  get remotePort(): number {
    return this.raw.remotePort;
  }

  get localAddress(): string {
    return this.raw.localAddress;
  }

  get localPort(): number {
    return this.raw.localPort;
  }

  write(data: Uint8Array | string): boolean {
    if (this.#closed || this.#ending) return true;
    if (typeof data === "string") {
      if (data.length <= SCRATCH.length && this.#queue.length === 0) return this.#sendText(data);
      return this.write(Buffer.from(data, "latin1"));
    }
    if (this.#queue.length > 0) {
      this.#queue.push(data);
      return false;
    }
    return this.#send(data);
  }

  writeBoth(text: string, bytes: Uint8Array): boolean {
    const whole = text.length + bytes.length;
    if (whole > SCRATCH.length || this.#queue.length > 0) {
      this.write(text);
      return this.write(bytes);
    }
    if (this.#closed || this.#ending) return true;
    SCRATCH.write(text, 0, "latin1");
    SCRATCH.set(bytes, text.length);
    return this.#sendScratch(whole);
  }

  /** Bun itself writes a string as UTF-8, and a new buffer for each costs more than the copy. */
  #sendText(text: string): boolean {
    return this.#sendScratch(SCRATCH.write(text, 0, "latin1"));
  }

  #sendScratch(length: number): boolean {
    this.#quietLooks = 0;
    const sent = this.raw.write(SCRATCH, 0, length);
    if (sent === length) return true;
    if (sent < 0) return this.#failed();
    this.#queue.push(Buffer.from(SCRATCH.subarray(sent, length)));
    return false;
  }

  #send(bytes: Uint8Array): boolean {
    this.#quietLooks = 0;
    const sent = this.raw.write(bytes);
    if (sent === bytes.length) return true;
    if (sent < 0) return this.#failed();
    this.#queue.unshift(bytes.subarray(sent));
    return false;
  }

  /** onClose follows, once what came before has been read. */
  #failed(): true {
    this.#broken = true;
    return true;
  }

  received(bytes: Uint8Array): void {
    this.#quietLooks = 0;
    this.handler?.onData(bytes);
  }

  drained(): void {
    this.#quietLooks = 0;
    while (this.#queue.length > 0) {
      const next = this.#queue.shift() as Uint8Array;
      if (!this.#send(next)) return;
    }
    if (this.#ending) this.raw.shutdown();
    else this.handler?.onDrain?.();
  }

  end(): void {
    if (this.#ending || this.#closed) return;
    this.#ending = true;
    if (this.#queue.length === 0) this.raw.shutdown();
  }

  destroy(): void {
    if (this.#closed) return;
    this.#destroyed = true;
    this.raw.end();
    this.raw.terminate();
  }

  reset(): void {
    if (this.#closed) return;
    this.#destroyed = true;
    this.raw.terminate();
  }

  pause(): void {
    this.raw.pause();
  }

  resume(): void {
    this.raw.resume();
  }

  /**
   * Bun's own `timeout` counts in steps of 4 s and takes no note of traffic: it would end a
   * connection in the middle of a transfer.
   */
  setIdleTimeout(milliseconds: number): void {
    clearInterval(this.#idleTimer);
    this.#quietLooks = 0;
    if (milliseconds <= 0 || this.#closed) return;
    this.#idleTimer = setInterval(() => {
      if (++this.#quietLooks <= IDLE_LOOKS) return;
      this.#quietLooks = 0;
      if (this.handler?.onIdle) this.handler.onIdle();
      else this.destroy();
    }, milliseconds / IDLE_LOOKS);
  }

  peerEnd(): void {
    this.#peerEnded = true;
    // Behind a reset the kernel gives an end too, once a write has been told of it.
    if (this.#broken) return this.#resetByPeer();
    if (this.handler?.onEnd) this.handler.onEnd();
    else this.end();
  }

  #resetByPeer(): void {
    this.#reset = NetError.from({ code: "ECONNRESET" }, this.#attempt);
    this.destroy();
  }

  closed(cause: NetError | undefined): void {
    if (this.#closed) return;
    const error = cause ?? this.#reset;
    this.#closed = true;
    clearInterval(this.#idleTimer);
    this.#queue = [];
    // Where our side has ended before the peer's, Bun tells of the peer's end by closing.
    if (!error && this.#ending && !this.#peerEnded && !this.#destroyed) this.handler?.onEnd?.();
    this.handler?.onClose?.(error);
  }
}

function callbacks(attempt: string, open: (raw: RawSocket) => void) {
  return {
    open,
    data: (raw: RawSocket, bytes: Uint8Array) => raw.data.received(bytes),
    drain: (raw: RawSocket) => raw.data.drained(),
    end: (raw: RawSocket) => raw.data.peerEnd(),
    error: (raw: RawSocket, cause: unknown) => raw.data.closed(NetError.from(cause, attempt)),
    close: (raw: RawSocket, cause: unknown) =>
      raw.data?.closed(cause ? NetError.from(cause, attempt) : undefined),
  };
}

function listen(
  options: ListenOptions,
  accept: (s: TcpSocket) => TcpHandler,
): Promise<TcpListener> {
  const attempt = `listening on ${options.host}:${options.port}`;
  try {
    const connection = `connection to ${options.host}:${options.port}`;
    const server = (bun as BunApi).listen({
      hostname: options.host,
      port: options.port,
      allowHalfOpen: true,
      socket: callbacks(connection, (raw) => {
        raw.data = new BunSocket(raw, connection);
        raw.data.handler = accept(raw.data);
      }),
    });
    return Promise.resolve({
      address: options.host,
      port: server.port,
      close: () => {
        server.stop(false);
        return Promise.resolve();
      },
    });
  } catch (cause) {
    return Promise.reject(NetError.from(cause, attempt));
  }
}

async function connect(
  options: ConnectOptions,
  accept: (s: TcpSocket) => TcpHandler,
): Promise<TcpSocket> {
  const attempt = `connecting to ${options.host}:${options.port}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const opening = (bun as BunApi).connect({
    hostname: options.host,
    port: options.port,
    allowHalfOpen: true,
    socket: callbacks(attempt, (raw) => {
      raw.data = new BunSocket(raw, attempt);
      raw.data.handler = accept(raw.data);
    }),
  });
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      opening.then((raw) => raw.terminate(), () => {});
      reject(new NetError("ETIMEDOUT", `${attempt}: no answer within ${options.timeoutMs} ms`));
    }, options.timeoutMs);
  });
  try {
    const raw = await Promise.race([opening, late]);
    return raw.data;
  } catch (cause) {
    throw NetError.from(cause, attempt);
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined on a runtime that is not Bun. */
export const bunTcp: TcpDriver | undefined = bun ? { listen, connect } : undefined;
