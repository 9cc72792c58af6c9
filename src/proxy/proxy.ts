/** The proxy: takes requests, has each answered by the server that its strategy picks. */
import { serveHttp } from "../http1/mod.ts";
import type { Exchange, HttpServer, Limits } from "../http1/mod.ts";
import type { TcpDriver } from "../net/mod.ts";
import { silentLog } from "../redirect/log.ts";
import type { Log } from "../redirect/log.ts";
import { refusalOf } from "./admission.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { Failure } from "./failure.ts";
import { HeadMemo } from "./head-memo.ts";
import type { Health } from "./health.ts";
import { ownAnswer } from "./own-answer.ts";
import { proxyParts } from "./parts.ts";
import type { ProxyParts } from "./parts.ts";
import type { RelayContext } from "./relay.ts";
import type { Strategy } from "./strategy.ts";
import type { Upstream, UpstreamTable } from "./upstream.ts";

export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  readonly strategy: Strategy;
  /** The servers to choose from; a strategy that is told its server from outside needs none. */
  readonly listed: readonly Upstream[];
  /** All servers, those too that come later. */
  readonly table: UpstreamTable;
  readonly health: Health;
  /** Milliseconds for a connection to a server to open. */
  readonly connectMs: number;
  /** Milliseconds that a server may be silent while it is waited for. */
  readonly answerMs: number;
  readonly log: Log;
  readonly limits?: Limits;
  /** How clients reach the proxy. */
  readonly driver?: TcpDriver;
  /** How the proxy reaches its servers. */
  readonly upstreamDriver?: TcpDriver;
}

const CLIENT_IDLE_MS = 60_000;

/** Rejects with a NetError where the address cannot be bound. */
export async function startProxy(
  options: ProxyOptions,
  parts: ProxyParts = proxyParts,
): Promise<HttpServer> {
  const { log, strategy, listed, health, connectMs, answerMs } = options;
  const pool = new ConnectionPool({
    connectMs,
    answerMs,
    ...(options.upstreamDriver ? { driver: options.upstreamDriver } : {}),
  });
  const context: RelayContext = {
    strategy,
    listed,
    health,
    pool,
    parts,
    heads: new HeadMemo(parts),
    onFailure(upstream, reason) {
      upstream.failures++;
      log("upstream-failed", { upstream: upstream.name, reason });
    },
    onAnswer: log === silentLog ? undefined : (exchange, upstream, status) => {
      const { method, target } = exchange.request;
      const client = exchange.remoteAddress;
      log("request", { client, method, target, upstream: upstream?.name ?? "none", status });
    },
  };
  // No silence of a client's while its server is waited for.
  const idleMs = Math.max(CLIENT_IDLE_MS, connectMs + 2 * answerMs);
  const server = await serveHttp({ ...options, idleMs }, {
    onRequest: (exchange) => relay(exchange, context),
    refuse(found) {
      log("refused", { status: found.status, reason: found.detail });
      const failure = { status: found.status, reason: found.detail };
      return parts.failureAnswer(failure, { close: true, bodiless: false });
    },
  }).catch((error) => {
    pool.close();
    throw error;
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      pool.close();
      strategy.close?.();
    },
  };
}

function relay(exchange: Exchange, context: RelayContext): void {
  const target = context.heads.targetOf(exchange.request);
  if (target) return context.parts.relay(context, exchange, target).start();
  const failure = refusalOf(exchange);
  if (failure) return refuse(exchange, context, failure);
  context.onAnswer?.(exchange, undefined, 200);
  exchange.answer(ownAnswer(exchange.request, { close: !exchange.keepAlive }));
}

function refuse(exchange: Exchange, context: RelayContext, failure: Failure): void {
  // Whatever follows such a request may not be meant as one.
  exchange.keepAlive = false;
  context.onAnswer?.(exchange, undefined, failure.status);
  const bodiless = exchange.request.method === "HEAD";
  exchange.answer(context.parts.failureAnswer(failure, { close: true, bodiless }));
}
