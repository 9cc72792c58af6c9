/**
 * A server behind the proxy under test: it reads requests whole, bodies too, records every connection
 * byte for byte, and is exact in what it sends.
 */
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpListener } from "../../src/net/mod.ts";
import type { EventLog } from "../engine/event-log.ts";
import { UpstreamConnection } from "./upstream-connection.ts";
import type { UpstreamRequest } from "./upstream-request.ts";

/**
 * Answers a request. It is called when the head is there; `await request.whole` for the body. The
 * next request of the connection waits until it has returned.
 */
export type Responder = (request: UpstreamRequest) => void | Promise<void>;

export interface UpstreamOptions {
  readonly name: string;
  readonly log: EventLog;
  readonly respond: Responder;
  readonly host?: string;
  readonly port?: number;
}

export class UpstreamStandIn {
  readonly name: string;
  readonly host: string;
  /** Every connection accepted so far, in their order; the ended ones too. */
  readonly connections: UpstreamConnection[] = [];
  /** Every request whose head came, over all connections, in their order. */
  readonly requests: UpstreamRequest[] = [];
  /** May be changed while it runs; a request that came before keeps its own. */
  respond: Responder;
  readonly log: EventLog;
  #listener: TcpListener | undefined;
  #port: number;

  private constructor(options: UpstreamOptions) {
    this.name = options.name;
    this.log = options.log;
    this.host = options.host ?? "127.0.0.1";
    this.respond = options.respond;
    this.#port = options.port ?? 0;
  }

  static async start(options: UpstreamOptions): Promise<UpstreamStandIn> {
    const standIn = new UpstreamStandIn(options);
    await standIn.listen();
    return standIn;
  }

  get port(): number {
    return this.#port;
  }

  /** `host:port`. */
  get address(): string {
    return `${this.host}:${this.#port}`;
  }

  /** Connections that neither side has ended. */
  get open(): UpstreamConnection[] {
    return this.connections.filter(({ ended }) => ended === undefined);
  }

  /** Listens, again after `refuse` on the same port. */
  async listen(): Promise<void> {
    this.#listener = await nodeTcp.listen({ host: this.host, port: this.#port }, (socket) => {
      const connection = new UpstreamConnection(this, socket, this.connections.length + 1);
      this.connections.push(connection);
      return connection.handler;
    });
    this.#port = this.#listener.port;
  }

  /** Stops listening and breaks what is open: from now on connections are refused. */
  async refuse(): Promise<void> {
    this.log.add(this.name, "goes down: connections are refused from here on");
    await this.close();
  }

  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    for (const connection of this.connections) connection.destroy();
    await listener?.close();
  }
}
