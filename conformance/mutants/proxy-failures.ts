/** Proxies that do not cope with servers that fail, or with clients that are many or leave. */
import process from "node:process";
import { nodeTcp } from "../../src/net/mod.ts";
import type { NetError, TcpDriver } from "../../src/net/mod.ts";
import type { Exchange, ResponseHead } from "../../src/http1/mod.ts";
import { proxyParts } from "../../src/proxy/mod.ts";
import type { ProxyParts } from "../../src/proxy/mod.ts";
import { SILENT } from "../../src/proxy/connection-pool.ts";
import { Relay } from "../../src/proxy/relay.ts";
import type { RelayContext } from "../../src/proxy/relay.ts";
import type { Target } from "../../src/proxy/target.ts";
import { atMost, oneAtATime } from "./driver.ts";
import { mixedUpAmong } from "./proxy-kept-answers.ts";
import { relays } from "./proxy-relay.ts";
import { proxy, related } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { PassedSocket, through } from "./proxy-wire.ts";
import type { ForwardingMutant } from "./types.ts";

/** Another answer where the failure is this one; `head` from the status on. */
const saying = (
  head: string,
  fits: (failure: Parameters<ProxyParts["failureAnswer"]>[0]) => boolean,
) =>
(): Broken => ({
  proxy: {
    failureAnswer: (failure, options) => {
      const answer = proxyParts.failureAnswer(failure, options);
      return fits(failure) ? answer.replace(/^[^\r]*/, `HTTP/1.1 ${head}`) : answer;
    },
  },
});

/** An answer of its own that says neither how long it is nor that the connection ends with it. */
function endless(): Broken {
  return {
    proxy: {
      failureAnswer(failure, options) {
        const answer = proxyParts.failureAnswer(failure, options);
        return failure.status === 502 ? answer.replace(/^Content-Length: .*\r\n/m, "") : answer;
      },
    },
  };
}

/** Connections that a server refuses. */
const refused = (happen: (error: NetError, address: string) => Promise<void>): TcpDriver => ({
  ...nodeTcp,
  connect: (options, accept) =>
    nodeTcp.connect(options, accept).catch(async (error) => {
      if (error.code === "ECONNREFUSED") await happen(error, `${options.host}:${options.port}`);
      throw error;
    }),
});

const RETRY_MS = 4000;

function neverAgain(): Broken {
  const failed = new Map<string, NetError>();
  const driver = refused((error, address) => {
    failed.set(address, error);
    return Promise.resolve();
  });
  const connect: TcpDriver["connect"] = (options, accept) => {
    const error = failed.get(`${options.host}:${options.port}`);
    return error ? Promise.reject(error) : driver.connect(options, accept);
  };
  return { options: { upstreamDriver: { ...driver, connect } } };
}

const toServers = (upstreamDriver: TcpDriver) => () => ({ options: { upstreamDriver } });
const toClients = (driver: TcpDriver) => () => ({ options: { driver } });

/** A relay that knows its exchange, and whether an answer has begun. */
class Watching extends Relay {
  protected readonly exchange: Exchange;
  protected answering = false;

  constructor(context: RelayContext, exchange: Exchange, target: Target) {
    super(context, exchange, target);
    this.exchange = exchange;
  }

  override onHead(head: ResponseHead): void {
    this.answering = true;
    super.onHead(head);
  }
}

/** Leaves the client without an answer where the server closes the connection without one. */
class Forgetting extends Watching {
  override onBroken(reason: string, untouched: boolean): void {
    if (this.answering || !reason.startsWith("closed")) super.onBroken(reason, untouched);
  }
}

/** Closes on the client where the server is silent. */
class Hanging extends Watching {
  override onBroken(reason: string, untouched: boolean): void {
    if (this.answering || reason !== SILENT) return super.onBroken(reason, untouched);
    this.exchange.abort();
  }
}

/** Ends when a client goes away in the middle of its answer, as a program does on EPIPE. */
class Dying extends Watching {
  override onHead(head: ResponseHead): void {
    super.onHead(head);
    this.exchange.onGone = () => process.exit(1);
  }

  /** Then it is the proxy that leaves. */
  override onBroken(reason: string, untouched: boolean): void {
    this.exchange.onGone = undefined;
    super.onBroken(reason, untouched);
  }
}

/** Goes on reading where the client has gone, to the end of the answer. */
class ReadingOn extends Watching {
  override onHead(head: ResponseHead): void {
    super.onHead(head);
    this.exchange.onGone = undefined;
  }
}

/** Leaves connections open that it has no more use for. */
class Leaking extends PassedSocket {
  override destroy(): void {}
}

const OTHERS_WAIT = "the requests that wait their turn are other clients'";

export const failureMutants: readonly ForwardingMutant[] = [
  proxy(
    "server-down",
    "crash-refused",
    "ends where a server refuses the connection",
    toServers(refused(() => process.exit(1))),
  ),
  proxy(
    "server-down",
    "500-for-down",
    "answers 500 where a server refuses or resets the connection",
    saying("500 Internal Server Error", ({ status }) => status === 502),
  ),
  proxy(
    "server-down",
    "200-for-down",
    "answers 200 with an error text where a server refuses the connection",
    saying("200 OK", ({ reason }) => reason.includes("refused")),
  ),
  proxy(
    "server-down",
    "tries-long",
    "goes on for 4 s where a server refuses the connection",
    toServers(refused(() => new Promise((done) => setTimeout(done, RETRY_MS)))),
  ),
  proxy(
    "server-down",
    "never-again",
    "never asks a server again that refused a connection",
    neverAgain,
  ),
  proxy(
    "server-down",
    "forgets-client",
    "leaves the client without an answer where a server closes the connection without one",
    () => ({ proxy: relays(Forgetting) }),
  ),
  proxy(
    "server-down",
    "endless-502",
    "answers 502 without a length and keeps the connection open",
    endless,
  ),
  proxy(
    "server-silent",
    "waits-long",
    "waits for a silent server for 10 s",
    () => ({ options: { answerMs: 10_000 } }),
  ),
  proxy(
    "server-silent",
    "connects-long",
    "waits for a connection to a server to open for 10 s",
    () => ({ options: { connectMs: 10_000 } }),
  ),
  proxy(
    "server-silent",
    "500-for-silent",
    "answers 500 where a server is silent",
    saying("500 Internal Server Error", ({ status }) => status === 504),
  ),
  proxy(
    "server-silent",
    "closes-on-silent",
    "closes the connection without an answer where a server is silent",
    () => ({ proxy: relays(Hanging) }),
  ),
  proxy(
    "concurrent",
    "one-at-a-time",
    "takes a request when the one before it is answered",
    toClients(oneAtATime("answered")),
    related({ "server-silent": OTHERS_WAIT }),
  ),
  proxy(
    "concurrent",
    "twenty-clients",
    "closes at once on a client that comes when twenty are there",
    toClients(atMost(20)),
  ),
  proxy(
    "concurrent",
    "mixes-answers",
    "gives a client the answer that came before its own when twenty are there",
    mixedUpAmong(20),
  ),
  proxy(
    "client-leaves",
    "dies-of-leaving",
    "ends when a client goes away in the middle of its answer",
    () => ({ proxy: relays(Dying) }),
  ),
  proxy(
    "client-leaves",
    "reads-on",
    "reads an answer to its end though its client has gone",
    () => ({ proxy: relays(ReadingOn) }),
  ),
  proxy(
    "client-leaves",
    "leaks",
    "leaves the connection to a server open when it has no more use for it",
    toServers(through(Leaking)),
  ),
];
