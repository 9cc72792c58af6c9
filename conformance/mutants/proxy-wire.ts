/** Faults on the wire of a proxy: TCP drivers that stand between it and its servers. */
import type { TcpDriver, TcpHandler, TcpSocket } from "../../src/net/mod.ts";
import { nodeTcp } from "../../src/net/mod.ts";

type Accept = (socket: TcpSocket) => TcpHandler;

/** A driver whose connections to servers are another thing. */
export function dialling(change: (accept: Accept) => Accept): TcpDriver {
  return { ...nodeTcp, connect: (options, accept) => nodeTcp.connect(options, change(accept)) };
}

/** A socket that passes everything on; a mutant overrides what it does in another way. */
export class PassedSocket implements TcpSocket {
  readonly socket: TcpSocket;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;

  constructor(socket: TcpSocket) {
    this.socket = socket;
    this.remoteAddress = socket.remoteAddress;
    this.remotePort = socket.remotePort;
    this.localAddress = socket.localAddress;
    this.localPort = socket.localPort;
  }

  write(data: Uint8Array | string): boolean {
    return this.socket.write(data);
  }

  writeBoth(text: string, bytes: Uint8Array): boolean {
    this.write(text);
    return this.write(bytes);
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  reset(): void {
    this.socket.reset();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  setIdleTimeout(milliseconds: number): void {
    this.socket.setIdleTimeout(milliseconds);
  }
}

/** A driver whose sockets towards servers are of this class. */
export function through(kind: new (socket: TcpSocket) => TcpSocket): TcpDriver {
  return dialling((accept) => (socket) => accept(new kind(socket)));
}

/** A request's head, which a proxy writes in one piece of text; undefined for anything else. */
export function headWritten(data: Uint8Array | string): string | undefined {
  return typeof data === "string" && /^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(data) ? data : undefined;
}
