/** Connections to the servers, kept open between requests. */
import { NetError, tcp } from "../net/mod.ts";
import type { TcpDriver } from "../net/mod.ts";
import type { Upstream } from "./upstream.ts";
import { UpstreamConnection } from "./upstream-connection.ts";

export interface PoolOptions {
  /** Milliseconds for a connection to open. */
  readonly connectMs: number;
  /** Milliseconds that a server may be silent within an answer that is waited for. */
  readonly answerMs: number;
  readonly driver?: TcpDriver;
}

/** A server is likely to keep a connection for five seconds: ours goes first. */
const IDLE_MS = 4000;

/** More are closed when they become idle. */
const IDLE_MOST = 256;

/**
 * For a server to take what it was sent. What the kernel holds of it is taken piece by piece and told
 * only at the end, so that a server that reads slowly seems to do nothing for a while.
 */
const SEND_MS = 30_000;

/** A silent server is found this much of its time too late at most. */
const LOOKS = 8;

export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<Upstream, UpstreamConnection[]>();
  readonly #open = new Set<UpstreamConnection>();
  #closed = false;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#timer = setInterval(
      () => this.#look(performance.now()),
      Math.max(1, Math.min(options.answerMs / LOOKS, 1000)),
    );
  }

  /** Connections that are open, idle ones too. */
  get size(): number {
    return this.#open.size;
  }

  /** One that served before and is idle. The one used last, so that those too many grow old. */
  idle(upstream: Upstream): UpstreamConnection | undefined {
    const list = this.#idle.get(upstream);
    for (let found = list?.pop(); found; found = list?.pop()) {
      if (!found.closed) return found;
    }
    return undefined;
  }

  /** A new one. Rejects with a NetError. */
  async connect(upstream: Upstream): Promise<UpstreamConnection> {
    const { host, port } = upstream;
    const { driver = tcp, connectMs: timeoutMs } = this.#options;
    let made: UpstreamConnection | undefined;
    await driver.connect({ host, port, timeoutMs }, (socket) => {
      const connection = new UpstreamConnection(socket, upstream, (one) => this.#open.delete(one));
      this.#open.add(connection);
      return made = connection;
    });
    const connection = made as UpstreamConnection;
    if (!this.#closed) return connection;
    connection.destroy();
    throw new NetError("ECANCELED", "the proxy is closing");
  }

  /** Takes one back whose answer was whole and that stays open. */
  release(connection: UpstreamConnection): void {
    if (connection.closed) return;
    let list = this.#idle.get(connection.upstream);
    if (!list) this.#idle.set(connection.upstream, list = []);
    if (list.length >= IDLE_MOST) return connection.destroy();
    list.push(connection);
  }

  #look(nowMs: number): void {
    const { answerMs } = this.#options;
    for (const connection of this.#open) {
      const silentMs = nowMs - connection.activeAtMs;
      if (connection.busy) {
        const limitMs = connection.blocked ? Math.max(SEND_MS, answerMs) : answerMs;
        if ((connection.awaited || connection.blocked) && silentMs > limitMs) {
          connection.fail(SILENT);
        }
      } else if (silentMs > IDLE_MS) connection.destroy();
    }
    for (const [upstream, list] of this.#idle) {
      const left = list.filter(({ closed }) => !closed);
      if (left.length === 0) this.#idle.delete(upstream);
      else if (left.length < list.length) this.#idle.set(upstream, left);
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const connection of this.#open) connection.destroy();
    this.#idle.clear();
  }
}

/** The reason given to a request whose server has been silent for too long. */
export const SILENT = "did not answer in time";
