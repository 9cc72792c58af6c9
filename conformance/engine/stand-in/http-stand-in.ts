/** A server that the suite plays: lenient in what it takes, exact in what it sends. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../../../src/net/mod.ts";
import type { TcpListener, TcpSocket } from "../../../src/net/mod.ts";
import type { EventLog } from "../event-log.ts";
import { readRequest } from "../wire/received.ts";
import type { SeenRequest } from "../wire/received.ts";

/** One request that came, and the connection to answer it on. */
export interface StandInRequest extends SeenRequest {
  /** Milliseconds on the runtime's clock. */
  readonly atMs: number;
  readonly connection: StandInConnection;
}

export interface StandInConnection {
  send(bytes: Uint8Array | string): void;
  /** Ends the connection after what was sent. */
  end(): void;
  reset(): void;
  readonly closed: boolean;
}

export interface StandInOptions {
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
  readonly log: EventLog;
  respond(request: StandInRequest): void | Promise<void>;
}

export class HttpStandIn {
  readonly name: string;
  readonly requests: StandInRequest[] = [];
  /** Connections accepted so far, those without a request too. */
  connections = 0;
  /** What the program under test sent that no sound client sends. */
  readonly oddities: string[] = [];
  readonly #options: StandInOptions;
  readonly #open = new Set<TcpSocket>();
  #listener: TcpListener | undefined;
  #port = 0;

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.name = options.name;
  }

  static async start(options: StandInOptions): Promise<HttpStandIn> {
    const standIn = new HttpStandIn(options);
    standIn.#port = options.port ?? 0;
    await standIn.listen();
    return standIn;
  }

  get host(): string {
    return this.#options.host ?? "127.0.0.1";
  }

  get port(): number {
    return this.#port;
  }

  /** `host:port`. */
  get address(): string {
    return `${this.host}:${this.#port}`;
  }

  /** Listens, again after `refuse` on the same port. */
  async listen(): Promise<void> {
    this.#listener = await nodeTcp.listen(
      { host: this.host, port: this.#port },
      (socket) => this.#accept(socket),
    );
    this.#port = this.#listener.port;
  }

  /** Stops listening and breaks what is open: from now on connections are refused. */
  async refuse(): Promise<void> {
    this.#options.log.add(this.name, "goes down: connections are refused from here on");
    await this.close();
  }

  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    for (const socket of this.#open) socket.destroy();
    await listener?.close();
  }

  #accept(socket: TcpSocket) {
    const { log } = this.#options;
    this.connections++;
    this.#open.add(socket);
    let closed = false;
    let input: Uint8Array = Buffer.alloc(0);
    const connection: StandInConnection = {
      send: (bytes) => void socket.write(bytes),
      end: () => socket.end(),
      reset: () => socket.reset(),
      get closed() {
        return closed;
      },
    };
    return {
      onData: (bytes: Uint8Array) => {
        input = Buffer.concat([input, bytes]);
        for (let seen = readRequest(input); seen; seen = readRequest(input)) {
          input = input.subarray(seen.raw.length);
          const request = { ...seen, atMs: performance.now(), connection };
          this.requests.push(request);
          log.add(this.name, `asked for ${seen.method} ${printable(seen.target)}`);
          Promise.resolve(this.#options.respond(request)).catch(() => socket.destroy());
        }
      },
      onEnd: () => {
        if (input.length > 0) {
          this.oddities.push("a request that never ended");
          log.add(this.name, "the request never ended: no empty line came");
        }
        socket.end();
      },
      onClose: () => {
        closed = true;
        this.#open.delete(socket);
      },
    };
  }
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
