/**
 * TCP as the rest of the project sees it: sockets that call a handler, with back-pressure and
 * idle deadlines, on whichever runtime is there. Callbacks rather than streams, because a stream
 * costs a third of the request rate of a small server.
 */

/** An open TCP connection. */
export interface TcpSocket {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /**
   * Sends bytes (a string is Latin-1). False means that the peer is behind: `onDrain` follows once
   * everything is handed over, and until then the bytes must stay as they are.
   */
  write(data: Uint8Array | string): boolean;
  /** Sends a text and bytes as one piece, which costs less than two; else as `write`. */
  writeBoth(text: string, bytes: Uint8Array): boolean;
  /** Says that nothing more will be sent, after what is queued. */
  end(): void;
  /** Closes at once; what is queued is lost. */
  destroy(): void;
  /** Closes at once with a reset, where the runtime can. */
  reset(): void;
  /** Stops reading: back-pressure for the peer. */
  pause(): void;
  resume(): void;
  /** Calls `onIdle` after so many milliseconds without traffic; 0 switches it off. */
  setIdleTimeout(milliseconds: number): void;
}

/** What a connection tells its owner. */
export interface TcpHandler {
  /** The bytes may be kept: no runtime uses their memory again. */
  onData(bytes: Uint8Array): void;
  /** Everything written so far has been handed to the kernel. */
  onDrain?(): void;
  /** The peer will send nothing more; without a handler the socket is ended too. */
  onEnd?(): void;
  /** No traffic for the idle time; without a handler the socket is destroyed. */
  onIdle?(): void;
  /** The connection is gone. Called once, last. */
  onClose?(error: NetError | undefined): void;
}

export interface TcpListener {
  readonly address: string;
  readonly port: number;
  /** Stops accepting; connections that are open stay open. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds until a connection that does not open is given up. */
  readonly timeoutMs: number;
}

export interface TcpDriver {
  listen(options: ListenOptions, accept: (socket: TcpSocket) => TcpHandler): Promise<TcpListener>;
  connect(options: ConnectOptions, accept: (socket: TcpSocket) => TcpHandler): Promise<TcpSocket>;
}

/** A network operation that failed; `code` is the system's own where there is one. */
export class NetError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "NetError";
    this.code = code;
  }

  /** Wraps what a runtime threw, naming what was tried. */
  static from(cause: unknown, attempt: string): NetError {
    if (cause instanceof NetError) return cause;
    const code = (cause as { code?: unknown })?.code;
    const name = typeof code === "string" ? code : "UNKNOWN";
    return new NetError(name, `${attempt}: ${explain(name, cause)}`);
  }
}

const EXPLANATIONS: Record<string, string> = {
  ECONNREFUSED: "connection refused; nothing listens there",
  ECONNRESET: "the connection was reset",
  EADDRINUSE: "the address is in use; choose another port or stop what listens there",
  EACCES: "not permitted; ports below 1024 need privileges",
  EADDRNOTAVAIL: "this host has no such address",
  ENOTFOUND: "no host of that name",
  EAI_AGAIN: "no host of that name",
  ETIMEDOUT: "timed out",
  EPIPE: "the peer had closed",
};

function explain(code: string, cause: unknown): string {
  return EXPLANATIONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
}
