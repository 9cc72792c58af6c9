/** The course of one request: a server is chosen, asked, and its answer handed on as it comes. */
import { fieldValue } from "../http1/mod.ts";
import type { Deviation, Exchange, Field, RequestHead, ResponseHead } from "../http1/mod.ts";
import type { NetError } from "../net/mod.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { SILENT } from "./connection-pool.ts";
import type { Failure } from "./failure.ts";
import type { HeadMemo } from "./head-memo.ts";
import type { Health } from "./health.ts";
import type { BodyFraming } from "./response-head.ts";
import type { ProxyParts } from "./parts.ts";
import type { Strategy } from "./strategy.ts";
import type { Target } from "./target.ts";
import { chunkOf } from "./upstream-connection.ts";
import type { AnswerHandler, UpstreamConnection } from "./upstream-connection.ts";
import type { Upstream } from "./upstream.ts";

/** What all requests of a proxy share. */
export interface RelayContext {
  readonly strategy: Strategy;
  readonly listed: readonly Upstream[];
  readonly health: Health;
  readonly pool: ConnectionPool;
  readonly parts: ProxyParts;
  readonly heads: HeadMemo;
  /** An upstream that failed, and why. */
  readonly onFailure: (upstream: Upstream, reason: string) => void;
  /** The answer began, or the proxy gave its own. */
  readonly onAnswer:
    | ((exchange: Exchange, upstream: Upstream | undefined, status: number) => void)
    | undefined;
}

/** Methods that may be sent twice: RFC 9110, section 9.2.2. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Failures to connect that are this host's and not the server's. */
const OWN_LIMITS = new Set(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM", "ECANCELED"]);

const NONE: readonly Upstream[] = [];

export class Relay implements AnswerHandler {
  readonly #context: RelayContext;
  readonly #exchange: Exchange;
  readonly #request: RequestHead;
  readonly #target: Target;
  #upstream: Upstream | undefined;
  /** The server in whose requests in flight this one counts. */
  #occupied: Upstream | undefined;
  #connection: UpstreamConnection | undefined;
  #tried: readonly Upstream[] = NONE;
  /** What to say where no server is left to be tried. */
  #unreached: Failure = { status: 503, reason: "no server is selected" };
  /** The body that came before there was a connection. */
  #early: Uint8Array[] = [];
  /** The request's trailers, once its body is whole. */
  #wholeRequest: readonly Field[] | undefined;
  #sentAtMs = 0;
  /** The answer's head, until the first piece of the body goes out with it. */
  #head: string | undefined;
  #framing: BodyFraming = "as-it-is";
  #reusable = false;
  /** The client has got some of the answer. */
  #answering = false;
  #over = false;

  constructor(context: RelayContext, exchange: Exchange, target: Target) {
    this.#context = context;
    this.#exchange = exchange;
    this.#request = exchange.request;
    this.#target = target;
  }

  start(): void {
    const exchange = this.#exchange;
    exchange.onGone = () => this.#abandon();
    if (this.#request.framing.kind !== "none") {
      exchange.onBody = (piece) => this.#requestBody(piece);
      exchange.onBodyEnd = (trailers) => this.#requestEnd(trailers);
      exchange.onBodyRefused = (found) => this.#requestRefused(found);
    }
    this.#choose();
  }

  /** Picks a server and sends; again, another one, where that could not be reached. */
  #choose(): void {
    const { strategy, health, listed, pool } = this.#context;
    const upstream = strategy.pick(health.usable(listed, this.#tried));
    if (!upstream || this.#tried.includes(upstream)) return this.#fail(this.#unreached);
    this.#upstream = upstream;
    // From here on, as it may take its time to accept the connection already.
    this.#occupied = upstream;
    upstream.inFlight++;
    // The server may close an idle connection at any time, and not every request can be sent again.
    const { method, framing } = this.#request;
    const repeatable = framing.kind === "none" && IDEMPOTENT.has(method);
    const idle = repeatable ? pool.idle(upstream) : undefined;
    if (idle) this.#send(idle);
    else this.#connect(upstream);
  }

  #connect(upstream: Upstream): void {
    if (this.#request.framing.kind !== "none") this.#exchange.pauseBody();
    this.#context.pool.connect(upstream).then((connection) => {
      if (this.#over) return connection.destroy();
      this.#send(connection);
    }, (error: NetError) => {
      if (this.#over) return;
      this.#vacate();
      if (OWN_LIMITS.has(error.code)) return this.#fail({ status: 503, reason: error.message });
      this.#context.health.failed(upstream);
      this.#context.onFailure(upstream, error.message);
      const status = error.code === "ETIMEDOUT" ? 504 : 502;
      this.#unreached = { status, reason: error.message };
      this.#tried = [...this.#tried, upstream];
      this.#choose();
    });
  }

  #send(connection: UpstreamConnection): void {
    const upstream = connection.upstream;
    const request = this.#request;
    this.#connection = connection;
    upstream.requests++;
    this.#sentAtMs = performance.now();
    const route = { client: this.#exchange.remoteAddress, upstream: upstream.name };
    const head = this.#context.heads.requestHead(request, this.#target, route);
    const bodied = request.framing.kind !== "none";
    const expecting = bodied && request.minor >= 1 &&
      fieldValue(request.fields, "expect") !== undefined;
    connection.send(head, request.method === "HEAD", expecting, this);
    if (!bodied) return connection.asked();
    for (const piece of this.#early) this.#requestBody(piece);
    this.#early = [];
    if (this.#wholeRequest) this.#requestEnd(this.#wholeRequest);
    else this.#exchange.resumeBody();
  }

  #requestBody(piece: Uint8Array): void {
    const connection = this.#connection;
    if (this.#over) return;
    if (!connection) {
      this.#early.push(piece);
      return;
    }
    const sent = this.#request.framing.kind === "chunked" ? chunkOf(piece) : piece;
    if (!connection.write(sent)) this.#exchange.pauseBody();
  }

  #requestEnd(trailers: readonly Field[]): void {
    this.#wholeRequest = trailers;
    const connection = this.#connection;
    if (!connection || this.#over) return;
    if (this.#request.framing.kind === "chunked") connection.write("0\r\n\r\n");
    connection.asked();
    this.#sentAtMs = performance.now();
  }

  #requestRefused(found: Deviation): void {
    this.#fail({ status: found.code === "truncated" ? 400 : found.status, reason: found.detail });
  }

  onInterim(head: ResponseHead): void {
    if (this.#request.minor < 1) return;
    this.#heldBack(this.#exchange.write(this.#context.parts.interimHead(head)));
  }

  /** Where the client has not taken what was written, the server waits for it. */
  #heldBack(taken: boolean): void {
    if (taken) return;
    this.#connection?.pause();
    this.#exchange.onDrain = () => this.#connection?.resume();
  }

  onHead(head: ResponseHead): void {
    const exchange = this.#exchange;
    const { heads, parts, strategy } = this.#context;
    const upstream = this.#upstream as Upstream;
    strategy.answered?.(upstream, performance.now() - this.#sentAtMs);
    const { minor } = this.#request;
    const framing = this.#framing = parts.bodyFraming(head, minor);
    // A client that still sends would not know where the next request begins.
    if (framing === "close" || !exchange.whole) exchange.keepAlive = false;
    this.#reusable = parts.keepsConnection(head) && exchange.whole;
    this.#head = heads.responseHead(head, { framing, keepAlive: exchange.keepAlive, minor });
    this.#answering = true;
    this.#context.onAnswer?.(exchange, upstream, head.status);
  }

  onBody(piece: Uint8Array): void {
    const exchange = this.#exchange;
    const head = this.#head;
    this.#head = undefined;
    const body = this.#framing === "chunked" ? chunkOf(piece) : piece;
    this.#heldBack(head === undefined ? exchange.write(body) : exchange.begin(head, body));
  }

  onComplete(_trailers: readonly Field[], spent: boolean): void {
    const connection = this.#connection as UpstreamConnection;
    const exchange = this.#exchange;
    // Not at the head: a server that breaks off its answers has to rest too.
    this.#context.health.succeeded(connection.upstream);
    this.#end();
    connection.resume();
    if (this.#reusable && !spent) this.#context.pool.release(connection);
    else connection.destroy();
    const last = this.#framing === "chunked" ? "0\r\n\r\n" : "";
    if (this.#head !== undefined) return exchange.answer(this.#head + last);
    if (last) exchange.write(last);
    exchange.finish();
  }

  onDrain(): void {
    if (!this.#over) this.#exchange.resumeBody();
  }

  onBroken(reason: string, untouched: boolean): void {
    const { health, onFailure } = this.#context;
    const upstream = this.#upstream as Upstream;
    const stale = untouched && this.#connection?.reused === true;
    this.#connection = undefined;
    if (this.#over) return;
    // Nothing of an answer came on a connection that the server was free to close: try a new one.
    if (stale && this.#request.framing.kind === "none") {
      upstream.requests--;
      return this.#connect(upstream);
    }
    // A server that gives up on a request that its client never finishes has not failed.
    if (this.#exchange.whole || reason === SILENT) health.failed(upstream);
    onFailure(upstream, reason);
    this.#fail({ status: reason === SILENT ? 504 : 502, reason: `${upstream.label} ${reason}` });
  }

  /** Answers with an error, or breaks off an answer that is under way. */
  #fail(failure: Failure): void {
    const exchange = this.#exchange;
    const answering = this.#answering && this.#head === undefined;
    this.#drop();
    if (answering) return exchange.abort();
    if (!exchange.whole) exchange.keepAlive = false;
    this.#context.onAnswer?.(exchange, this.#upstream, failure.status);
    const bodiless = this.#request.method === "HEAD";
    exchange.answer(
      this.#context.parts.failureAnswer(failure, { close: !exchange.keepAlive, bodiless }),
    );
  }

  /** The client is gone: nobody wants the answer. */
  #abandon(): void {
    if (!this.#over) this.#drop();
  }

  #drop(): void {
    const connection = this.#connection;
    this.#end();
    connection?.destroy();
  }

  #end(): void {
    this.#over = true;
    this.#vacate();
    this.#early = [];
    this.#connection = undefined;
  }

  #vacate(): void {
    if (this.#occupied) this.#occupied.inFlight--;
    this.#occupied = undefined;
  }
}
