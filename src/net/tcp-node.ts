/** TCP over `node:net`, which all three runtimes have. */
import { Buffer } from "node:buffer";
import * as net from "node:net";
import { OutgoingSocket } from "./outgoing-socket.ts";
import { NetError } from "./tcp.ts";
import type {
  ConnectOptions,
  ListenOptions,
  TcpDriver,
  TcpHandler,
  TcpListener,
  TcpSocket,
} from "./tcp.ts";

/** Connections that the kernel holds until they are accepted. */
const BACKLOG = 511;

const LISTEN_AGAIN_MS = 200;

/** Beyond this size a copy costs more than a second write. */
const TOGETHER_BYTES = 16 * 1024;

const TEXT_BYTES = 2048;

const RESET = Object.assign(new Error(), { code: "ECONNRESET" });

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

class NodeSocket implements TcpSocket {
  readonly #socket: net.Socket;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.remotePort = socket.remotePort ?? 0;
    this.localAddress = socket.localAddress ?? "";
    this.localPort = socket.localPort ?? 0;
  }

  write(data: Uint8Array | string): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return true;
    return typeof data === "string" ? this.#socket.write(data, "latin1") : this.#socket.write(data);
  }

  writeBoth(text: string, bytes: Uint8Array): boolean {
    const { length } = bytes;
    if (length > TOGETHER_BYTES) {
      this.write(text);
      return this.write(bytes);
    }
    // Node hands a short text to the kernel at less cost than a buffer.
    if (length <= TEXT_BYTES) return this.write(text + latin1(bytes));
    const whole = Buffer.allocUnsafe(text.length + length);
    whole.write(text, 0, "latin1");
    whole.set(bytes, text.length);
    return this.write(whole);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  setIdleTimeout(milliseconds: number): void {
    this.#socket.setTimeout(milliseconds);
  }
}

function attach(
  socket: net.Socket,
  attempt: string,
  accept: (s: TcpSocket) => TcpHandler,
): TcpSocket {
  const wrapped = new NodeSocket(socket);
  const handler = accept(wrapped);
  let failure: NetError | undefined;
  socket.on("data", (bytes: Uint8Array) => handler.onData(bytes));
  socket.on("drain", () => handler.onDrain?.());
  socket.on("end", () => {
    if (socket instanceof OutgoingSocket && socket.endIsReset) return socket.destroy(RESET);
    if (handler.onEnd) handler.onEnd();
    else socket.end();
  });
  socket.on("timeout", () => handler.onIdle ? handler.onIdle() : socket.destroy());
  socket.on("error", (cause) => failure = NetError.from(cause, attempt));
  socket.on("close", () => handler.onClose?.(failure));
  return wrapped;
}

function listen(
  options: ListenOptions,
  accept: (s: TcpSocket) => TcpHandler,
): Promise<TcpListener> {
  const attempt = `listening on ${options.host}:${options.port}`;
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    attach(socket, `connection to ${options.host}:${options.port}`, accept);
  });
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(NetError.from(cause, attempt)));
    server.listen({ host: options.host, port: options.port, backlog: BACKLOG }, () => {
      const bound = server.address() as net.AddressInfo;
      let closed = false;
      // Too many open files, say: connections wait until there is room, and the listener must be there.
      server.on("error", () => {
        if (closed || server.listening) return;
        setTimeout(() => {
          if (!closed) server.listen({ host: options.host, port: bound.port, backlog: BACKLOG });
        }, LISTEN_AGAIN_MS).unref();
      });
      resolve({
        address: bound.address,
        port: bound.port,
        // close() waits for open connections; the listening socket itself is gone at once.
        close: () => {
          closed = true;
          server.close();
          return Promise.resolve();
        },
      });
    });
  });
}

function connect(
  options: ConnectOptions,
  accept: (s: TcpSocket) => TcpHandler,
): Promise<TcpSocket> {
  const { host, port } = options;
  const attempt = `connecting to ${host}:${port}`;
  const socket = new OutgoingSocket({ allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new NetError("ETIMEDOUT", `${attempt}: no answer within ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      reject(NetError.from(cause, attempt));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      // `connect` would not hear of it: only the constructor and this do.
      socket.setNoDelay(true);
      resolve(attach(socket, attempt, accept));
    });
    socket.connect({ host, port });
  });
}

export const nodeTcp: TcpDriver = { listen, connect };
