/** The balancer: measures its servers, ranks them, and sends each client to one. */
import { serveHttp } from "../http1/mod.ts";
import type { Exchange, HttpServer, Limits } from "../http1/mod.ts";
import type { Log } from "./log.ts";
import { ALLOW, methodRefusal } from "./method.ts";
import { escapeHtml, page } from "./page.ts";
import { probe } from "./probe.ts";
import { drawPosition, rank } from "./ranking.ts";
import type { Measured } from "./ranking.ts";
import { upstreamName } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

export interface BalancerOptions {
  readonly host: string;
  readonly port: number;
  readonly upstreams: readonly Upstream[];
  /** Milliseconds from the end of one round of probes to the start of the next. */
  readonly intervalMs: number;
  /** The file fetched in a performance test. */
  readonly probePath: string;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly limits?: Limits;
}

/** What a balancer is made of; another part changes one thing that it does. */
export interface BalancerParts {
  /** Milliseconds of one performance test; rejects when the server is down. */
  probe(upstream: Upstream, path: string): Promise<number>;
  /** Slowest first. */
  rank(measured: readonly Measured[]): Upstream[];
  /** The position in the ranking for a number in [0, 1). */
  draw(count: number, random: number): number;
  /** The whole 301. */
  redirect(upstream: string, target: string, keepAlive: boolean, bodiless: boolean): string;
  page: typeof page;
  /** Calls back at the next round; returns how to call it off. */
  schedule(intervalMs: number, run: () => void): () => void;
}

export const balancerParts: BalancerParts = {
  probe,
  rank,
  draw: drawPosition,
  redirect,
  page,
  schedule(intervalMs, run) {
    const timer = setTimeout(run, intervalMs);
    return () => clearTimeout(timer);
  },
};

/** The servers in use, slowest first; replaced whole after each round of probes. */
interface Ranking {
  readonly upstreams: readonly Upstream[];
  readonly names: readonly string[];
}

/**
 * Measures every server, then listens; measures again after each interval. A server that fails a
 * round is left out for good, as the assignment has it.
 */
export async function startBalancer(
  options: BalancerOptions,
  parts: BalancerParts = balancerParts,
): Promise<HttpServer> {
  const { log } = options;
  let ranking = await measure(options.upstreams, options, parts);
  let closed = false;
  let cancel = () => {};

  const next = () => {
    if (closed || ranking.upstreams.length === 0) return;
    cancel = parts.schedule(options.intervalMs, async () => {
      const measured = await measure(listedOrder(options, ranking), options, parts);
      if (closed) return;
      ranking = measured;
      next();
    });
  };

  const server = await serveHttp(options, {
    onRequest: (exchange) => answer(exchange, ranking, options, parts),
    refuse(found) {
      log("refused", { status: found.status, reason: found.detail });
      return parts.page(found.status, { close: true });
    },
  });
  next();
  return {
    ...server,
    close: () => {
      closed = true;
      cancel();
      return server.close();
    },
  };
}

function answer(
  exchange: Exchange,
  ranking: Ranking,
  options: BalancerOptions,
  parts: BalancerParts,
): void {
  const { method, target } = exchange.request;
  const bodiless = method === "HEAD";
  const close = !exchange.keepAlive;
  const refusal = methodRefusal(method);
  if (refusal) {
    options.log("refused", { status: refusal, method });
    return exchange.answer(parts.page(refusal, { close, fields: [ALLOW] }));
  }
  const path = targetOf(target);
  if (path === undefined) {
    options.log("refused", { status: 400, target });
    return exchange.answer(parts.page(400, { close, bodiless }));
  }
  const { names } = ranking;
  if (names.length === 0) {
    options.log("no-server", { target, status: 503 });
    return exchange.answer(parts.page(503, { close, bodiless }));
  }
  const name = names[parts.draw(names.length, options.random())] as string;
  options.log("redirect", { client: exchange.remoteAddress, target, upstream: name });
  exchange.answer(parts.redirect(name, path, exchange.keepAlive, bodiless));
}

/** Origin-form as it is, absolute-form without its authority; undefined for anything else. */
function targetOf(target: string): string | undefined {
  if (target.charCodeAt(0) === 0x2f) return target;
  const absolute = /^http:\/\/[^/?#]+(\/.*)?$/i.exec(target);
  return absolute ? absolute[1] ?? "/" : undefined;
}

/** The strict parser has let only visible ASCII into the target, so it cannot end the field. */
function redirect(upstream: string, target: string, keepAlive: boolean, bodiless: boolean): string {
  const location = `http://${upstream}${target}`;
  const body = "<!DOCTYPE html>\n<html><head><title>301 Moved Permanently</title></head>\n" +
    `<body><h1>301 Moved Permanently</h1><p>The file is <a href="${escapeHtml(location)}">here` +
    "</a>.</p></body></html>\n";
  return `HTTP/1.1 301 Moved Permanently\r\nLocation: ${location}\r\n` +
    `Content-Type: text/html; charset=utf-8\r\nContent-Length: ${body.length}\r\n` +
    (keepAlive ? "\r\n" : "Connection: close\r\n\r\n") + (bodiless ? "" : body);
}

/** One round of probes, one server after the other so that they do not slow each other down. */
async function measure(
  upstreams: readonly Upstream[],
  options: BalancerOptions,
  parts: BalancerParts,
): Promise<Ranking> {
  const measured: Measured[] = [];
  for (const upstream of upstreams) {
    const name = upstreamName(upstream);
    try {
      const elapsedMs = await parts.probe(upstream, options.probePath);
      measured.push({ upstream, elapsedMs });
      options.log("probe", { upstream: name, ms: Number(elapsedMs.toFixed(3)) });
    } catch (error) {
      options.log("dropped", { upstream: name, reason: (error as Error).message });
    }
  }
  const ranked = parts.rank(measured);
  options.log("ranking", { slowestFirst: ranked.map(upstreamName).join(" ") || "none" });
  return { upstreams: ranked, names: ranked.map(upstreamName) };
}

/** The servers still in use, as they were listed, so that equal times are ranked the same way. */
function listedOrder(options: BalancerOptions, ranking: Ranking): Upstream[] {
  return options.upstreams.filter((upstream) => ranking.upstreams.includes(upstream));
}
