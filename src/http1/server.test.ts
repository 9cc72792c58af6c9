import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeTcp, tcp } from "../net/mod.ts";
import type { TcpDriver } from "../net/mod.ts";
import { dial, failureOf, latch, within } from "../net/test-kit.ts";
import type { Peer } from "../net/test-kit.ts";
import { serveHttp, writeResponseHead } from "./mod.ts";
import type { Deviation, Exchange, HttpServer, Limits } from "./mod.ts";

interface Options {
  readonly idleMs?: number;
  readonly limits?: Limits;
  readonly driver?: TcpDriver;
}

const LOOPBACK = { host: "127.0.0.1", port: 0 };

function refuse(found: Deviation): string {
  return message(found.status, found.code, false);
}

function message(status: number, body: string, keepAlive: boolean): string {
  const fields = [{ name: "Content-Length", value: String(body.length) }];
  if (!keepAlive) fields.push({ name: "Connection", value: "close" });
  return writeResponseHead(status, fields) + body;
}

/** Answers with the target and a line's end, at once. */
function echo(exchange: Exchange): void {
  exchange.answer(message(200, `${exchange.request.target}\n`, exchange.keepAlive));
}

/** Runs a test with a server and one client of it. */
function serving(
  name: string,
  onRequest: (exchange: Exchange) => void,
  run: (peer: Peer, server: HttpServer) => Promise<void>,
  options: Options = {},
): void {
  test(name, async () => {
    const server = await serveHttp({ ...LOOPBACK, ...options }, { onRequest, refuse });
    const peer = await dial(server.port);
    try {
      await run(peer, server);
    } finally {
      peer.socket.destroy();
      await server.close();
    }
  });
}

function get(target: string, fields = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

/** The bodies in order, of answers whose bodies are targets. */
function targets(text: string): string[] {
  return [...text.matchAll(/\r\n\r\n(\/\w*)\n/g)].map((match) => match[1] as string);
}

function answers(text: string): number {
  return text.split("HTTP/1.1 ").length - 1;
}

serving("answers request after request on one connection", echo, async (peer) => {
  for (const target of ["/a", "/b", "/c"]) {
    peer.socket.write(get(target));
    await peer.until(target, () => peer.text().endsWith(`${target}\n`));
  }
  assert.equal(targets(peer.text()), ["/a", "/b", "/c"]);
  assert.not.ok(peer.ended);
});

serving("answers a request that comes byte by byte once, after its end", echo, async (peer) => {
  const bytes = get("/whole");
  for (const byte of bytes.slice(0, -1)) peer.socket.write(byte);
  const other = await dial(peer.socket.remotePort);
  other.socket.write(get("/other"));
  await other.until("its answer", () => other.text().endsWith("/other\n"));
  assert.is(peer.received, 0);
  peer.socket.write(bytes.slice(-1));
  await peer.until("the answer", () => peer.text().endsWith("/whole\n"));
  assert.is(answers(peer.text()), 1);
  other.socket.destroy();
});

const MANY = Array.from({ length: 500 }, (_, index) => `/${index}`);

serving("answers pipelined requests in order", echo, async (peer) => {
  peer.socket.write(MANY.map((target) => get(target)).join(""));
  await peer.until("the last answer", () => peer.text().endsWith("/499\n"));
  assert.equal(targets(peer.text()), MANY);
});

const held: Exchange[] = [];
let arrived = latch();

serving("answers pipelined requests in order when each answer takes its time", (exchange) => {
  const target = `${exchange.request.target}\n`;
  // A later request is not even told of until the earlier one has its answer.
  setTimeout(() => {
    exchange.write(
      writeResponseHead(200, [{ name: "Content-Length", value: String(target.length) }]),
    );
    exchange.write(target);
    exchange.finish();
  }, Number(exchange.request.target.slice(1)) % 3);
}, async (peer) => {
  const some = MANY.slice(0, 60);
  peer.socket.write(some.map((target) => get(target)).join(""));
  await peer.until("the last answer", () => peer.text().endsWith("/59\n"));
  assert.equal(targets(peer.text()), some);
});

serving("mixes answers at once and later in order", (exchange) => {
  if (exchange.request.target.endsWith("5")) setTimeout(() => echo(exchange), 1);
  else echo(exchange);
}, async (peer) => {
  const some = MANY.slice(0, 60);
  peer.socket.write(some.map((target) => get(target)).join(""));
  await peer.until("the last answer", () => peer.text().endsWith("/59\n"));
  assert.equal(targets(peer.text()), some);
});

serving("answers everything that a half-closed client has asked, then closes", (exchange) => {
  if (exchange.request.target === "/0") setTimeout(() => echo(exchange), 1);
  else echo(exchange);
}, async (peer) => {
  peer.socket.write(get("/0") + get("/1") + get("/2"));
  peer.socket.end();
  await peer.untilOver();
  assert.equal(targets(peer.text()), ["/0", "/1", "/2"]);
});

serving("answers a half-closed client whose answer comes later", (exchange) => {
  setTimeout(() => echo(exchange), 20);
}, async (peer) => {
  peer.socket.write(get("/a") + get("/b"));
  peer.socket.end();
  await peer.untilOver();
  assert.equal(targets(peer.text()), ["/a", "/b"]);
});

serving("closes when a client ends without a request", echo, async (peer) => {
  peer.socket.end();
  await peer.untilOver();
  assert.is(peer.received, 0);
});

serving("closes when a client ends inside a request", echo, async (peer) => {
  peer.socket.write("GET / HT");
  peer.socket.end();
  await peer.untilOver();
  assert.is(peer.received, 0);
});

serving(
  "closes after a request that says so, and answers nothing behind it",
  echo,
  async (peer) => {
    peer.socket.write(get("/a") + get("/b", "Connection: close\r\n") + get("/c") + "nonsense\r\n");
    await peer.untilOver();
    assert.equal(targets(peer.text()), ["/a", "/b"]);
    assert.is(answers(peer.text()), 2);
  },
);

serving("closes after an HTTP/1.0 request", echo, async (peer) => {
  peer.socket.write("GET /old HTTP/1.0\r\n\r\n");
  await peer.untilOver();
  assert.equal(targets(peer.text()), ["/old"]);
});

serving("stays open after an HTTP/1.0 request that asks for it", echo, async (peer) => {
  for (const target of ["/a", "/b"]) {
    peer.socket.write(`GET ${target} HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n`);
    await peer.until(target, () => peer.text().endsWith(`${target}\n`));
  }
});

serving("closes when the answerer sets keepAlive to false", (exchange) => {
  exchange.keepAlive = false;
  echo(exchange);
}, async (peer) => {
  peer.socket.write(get("/a") + get("/b"));
  await peer.untilOver();
  assert.equal(targets(peer.text()), ["/a"]);
});

const LONG = "a".repeat(9000);

/** What is refused with which status. */
const REFUSALS: readonly [string, number][] = [
  ["FOO\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\n\r\n", 400],
  ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["GET / HTTP/1.1\nHost: a\n\n", 400],
  [get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400],
  [get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400],
  [`GET /${LONG} HTTP/1.1\r\n`, 414],
  [LONG, 414],
  [get("/", `X: ${LONG}\r\n`), 431],
  [get("/", `X: ${"a".repeat(8000)}\r\n`.repeat(9)), 431],
  [get("/", "Transfer-Encoding: gzip, chunked\r\n"), 501],
  ["GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505],
];

for (const [text, status] of REFUSALS) {
  serving(`refuses ${JSON.stringify(text.slice(0, 50))} with ${status}`, echo, async (peer) => {
    peer.socket.write(get("/before") + text + get("/after"));
    await peer.untilOver();
    assert.equal(targets(peer.text()), ["/before"]);
    assert.is(answers(peer.text()), 2);
    assert.match(peer.text(), new RegExp(`HTTP/1.1 ${status} [^]*Connection: close`));
  });
}

serving("keeps to the limits it is given", echo, async (peer) => {
  peer.socket.write(get(`/${"a".repeat(50)}`));
  await peer.untilOver();
  assert.match(peer.text(), /^HTTP\/1.1 414 /);
}, { limits: { lineBytes: 40, headBytes: 400 } });

serving("discards the body of a request", echo, async (peer) => {
  const body = get("/smuggled");
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
  peer.socket.write(
    `POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
      `POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n` +
      get("/after"),
  );
  await peer.until("the last answer", () => peer.text().endsWith("/after\n"));
  assert.equal(targets(peer.text()), ["/length", "/chunked", "/after"]);
});

serving("discards a body that comes after the answer", echo, async (peer) => {
  peer.socket.write("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
  await peer.until("the first answer", () => peer.text().endsWith("/first\n"));
  peer.socket.write("\r\n\r\n".repeat(50_000) + get("/after"));
  await peer.until("the second answer", () => peer.text().endsWith("/after\n"));
  assert.is(answers(peer.text()), 2);
});

serving(
  "closes, without a second answer, when the rest of an answered request is malformed",
  echo,
  async (peer) => {
    peer.socket.write(
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    );
    await peer.untilOver();
    assert.equal(targets(peer.text()), ["/a"]);
    assert.is(answers(peer.text()), 1);
  },
);

test("breaks an answer under way, and says so, when the rest of its request is malformed", async () => {
  const gone = latch();
  const server = await serveHttp(LOOPBACK, {
    refuse,
    onRequest(exchange) {
      exchange.onGone = () => gone.open();
      exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    },
  });
  const peer = await dial(server.port);
  peer.socket.write(
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
  );
  await within("onGone", gone.promise);
  await peer.untilOver();
  assert.ok(answers(peer.text()) <= 1, peer.text());
  peer.socket.destroy();
  await server.close();
});

test("tells the answerer once when the client goes in the middle of an answer", async () => {
  let told = 0;
  const started = latch();
  const gone = latch();
  const server = await serveHttp(LOOPBACK, {
    refuse,
    onRequest(exchange) {
      exchange.onGone = () => {
        told++;
        gone.open();
      };
      exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      started.open();
    },
  });
  const peer = await dial(server.port);
  peer.socket.write(get("/"));
  await within("the request", started.promise);
  peer.socket.reset();
  await within("onGone", gone.promise);
  await server.close();
  assert.is(told, 1);
});

test("does not tell of a client that goes after its answer", async () => {
  let told = 0;
  const over = latch();
  const driver: TcpDriver = {
    ...tcp,
    listen: (options, accept) =>
      tcp.listen(options, (socket) => {
        const handler = accept(socket);
        const close = handler.onClose?.bind(handler);
        return Object.assign(handler, {
          onClose(error: undefined) {
            close?.(error);
            over.open();
          },
        });
      }),
  };
  const server = await serveHttp({ ...LOOPBACK, driver }, {
    refuse,
    onRequest(exchange) {
      exchange.onGone = () => told++;
      echo(exchange);
    },
  });
  const peer = await dial(server.port);
  peer.socket.write(get("/"));
  await peer.until("the answer", () => peer.text().endsWith("/\n"));
  peer.socket.destroy();
  await within("the close", over.promise);
  assert.is(told, 0);
  await server.close();
});

serving("breaks the connection when the answerer aborts", (exchange) => {
  exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  setTimeout(() => exchange.abort(), 1);
}, async (peer) => {
  peer.socket.write(get("/") + get("/never"));
  await peer.untilOver();
  assert.ok(answers(peer.text()) <= 1);
  assert.not.ok(peer.text().includes("never"));
});

serving("sends a large answer whole, waiting for a slow client", (exchange) => {
  const piece = Buffer.alloc(1024 * 1024, "x");
  let left = 16;
  const pump = () => {
    while (left > 0) {
      left--;
      if (!exchange.write(piece)) break;
    }
    if (left === 0) exchange.finish();
    else exchange.onDrain = pump;
  };
  if (
    exchange.write(writeResponseHead(200, [{ name: "Content-Length", value: String(16 << 20) }]))
  ) {
    pump();
  } else exchange.onDrain = pump;
}, async (peer) => {
  peer.socket.pause();
  peer.socket.write(get("/large") + get("/large", "Connection: close\r\n"));
  const other = await dial(peer.socket.remotePort);
  other.socket.write(get("/large", "Connection: close\r\n"));
  await other.untilOver();
  assert.ok(other.received > 16 << 20);
  other.socket.destroy();
  peer.socket.resume();
  await peer.untilOver();
  assert.is(peer.received, 2 * other.received);
});

for (const [name, driver] of [["nodeTcp", nodeTcp], ["tcp", tcp]] as const) {
  test(`holds no more than its backlog of a client that does not wait for answers (${name})`, async () => {
    let taken = 0;
    held.length = 0;
    arrived = latch();
    const counting: TcpDriver = {
      ...driver,
      listen: (options, accept) =>
        driver.listen(options, (socket) => {
          const handler = accept(socket);
          const onData = handler.onData.bind(handler);
          return Object.assign(handler, {
            onData(bytes: Uint8Array) {
              taken += bytes.length;
              onData(bytes);
            },
          });
        }),
    };
    const server = await serveHttp({ ...LOOPBACK, driver: counting }, {
      refuse,
      onRequest(exchange) {
        if (exchange.request.target === "/end") return echo(exchange);
        held.push(exchange);
        arrived.open();
      },
    });
    const peer = await dial(server.port);
    peer.socket.write(get("/held"));
    await within("the request", arrived.promise);
    const body = Buffer.alloc(16 << 20, "x");
    peer.socket.write(`POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`);
    const drained = latch();
    let flushed = false;
    peer.onDrain = () => {
      flushed = true;
      drained.open();
    };
    assert.not.ok(peer.socket.write(body), "16 MiB went at once");
    // Another client is served meanwhile, several times over.
    const other = await dial(server.port);
    for (let round = 1; round <= 20; round++) {
      other.socket.write(get("/end"));
      await other.until("an answer", () => answers(other.text()) === round);
    }
    assert.not.ok(flushed, "the server took all of it");
    assert.ok(taken < 2 << 20, `the server held ${taken} bytes`);
    arrived = latch();
    held[0]?.answer(message(200, "/held\n", true));
    await within("the second request", arrived.promise);
    held[1]?.answer(message(200, "/body\n", true));
    await within("the server to read on", drained.promise);
    peer.socket.write(get("/end"));
    await peer.until("the last answer", () => peer.text().endsWith("/end\n"));
    assert.equal(targets(peer.text()), ["/held", "/body", "/end"]);
    other.socket.destroy();
    peer.socket.destroy();
    await server.close();
  });

  serving(
    `closes the connection of a silent client after its idle time (${name})`,
    echo,
    async (peer) => {
      await peer.untilOver();
      assert.is(peer.received, 0);
    },
    { idleMs: 50, driver },
  );

  serving(
    `closes the connection of a client that stops inside a request (${name})`,
    echo,
    async (peer) => {
      peer.socket.write("GET / HTTP/1.1\r\nHo");
      await peer.untilOver();
      assert.is(peer.received, 0);
    },
    { idleMs: 50, driver },
  );

  test(`refuses connections and breaks the open ones when it is closed (${name})`, async () => {
    const server = await serveHttp({ ...LOOPBACK, driver }, { onRequest: echo, refuse });
    const peer = await dial(server.port);
    peer.socket.write(get("/a"));
    await peer.until("the answer", () => peer.text().endsWith("/a\n"));
    await server.close();
    await peer.untilOver();
    peer.socket.destroy();
    assert.is((await failureOf(dial(server.port))).code, "ECONNREFUSED");
  });
}

test("rejects when the address is in use", async () => {
  const server = await serveHttp(LOOPBACK, { onRequest: echo, refuse });
  const second = serveHttp({ host: "127.0.0.1", port: server.port }, { onRequest: echo, refuse });
  assert.is((await failureOf(second)).code, "EADDRINUSE");
  await server.close();
});

test.run();
