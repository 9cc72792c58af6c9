/**
 * An HTTP/1.1 server over `src/net`: parses, keeps connections alive, answers pipelined requests in
 * order, refuses what is malformed with the right status, and bounds what a silent peer can hold.
 */
import { tcp } from "../net/mod.ts";
import type { TcpDriver, TcpListener } from "../net/mod.ts";
import type { ServerParts } from "./exchange.ts";
import { ServerConnection } from "./server-connection.ts";
import type { ConnectionOptions } from "./server-connection.ts";

export interface ServerOptions extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly driver?: TcpDriver;
}

export interface HttpServer {
  readonly address: string;
  readonly port: number;
  /** Stops listening and breaks what is open. */
  close(): Promise<void>;
}

/** Starts a server; rejects with a NetError when the address cannot be bound. */
export async function serveHttp(options: ServerOptions, parts: ServerParts): Promise<HttpServer> {
  const open = new Set<ServerConnection>();
  const driver = options.driver ?? tcp;
  const listener: TcpListener = await driver.listen(options, (socket) => {
    const connection = new ServerConnection(socket, parts, options, (gone) => open.delete(gone));
    open.add(connection);
    return {
      onData: (bytes) => connection.onData(bytes),
      onDrain: () => connection.drained(),
      onEnd: () => connection.onEnd(),
      onIdle: () => connection.onIdle(),
      onClose: () => connection.onClose(),
    };
  });
  return {
    address: listener.address,
    port: listener.port,
    close: async () => {
      await listener.close();
      for (const connection of open) connection.abort();
    },
  };
}
