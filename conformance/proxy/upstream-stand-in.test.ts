import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { latin1 } from "../engine/bytes.ts";
import { EventLog } from "../engine/event-log.ts";
import { Connection, exchange } from "../engine/wire/connection.ts";
import { KEPT_BYTES } from "./kept-bytes.ts";
import { UpstreamStandIn } from "./upstream-stand-in.ts";
import type { Responder } from "./upstream-stand-in.ts";

const DEADLINE_MS = 20_000;

const answerWhole: Responder = async (request) => {
  if (await request.whole) request.answer({ body: `${request.target} ${request.body.length}` });
};

async function withServer(
  respond: Responder,
  body: (server: UpstreamStandIn, log: EventLog) => Promise<void>,
): Promise<void> {
  const log = new EventLog();
  const server = await UpstreamStandIn.start({ name: "server A", log, respond });
  try {
    await body(server, log);
  } finally {
    await server.close();
  }
}

function ask({ host, port }: UpstreamStandIn, message: string | Uint8Array) {
  return exchange(host, port, message, { deadlineMs: DEADLINE_MS });
}

/** A socket that may end its side alone, with all that comes. */
async function rawSocket(
  { host, port }: UpstreamStandIn,
): Promise<{ socket: Socket; got: () => string; closed: Promise<void> }> {
  const socket = connect({ host, port, allowHalfOpen: true });
  const parts: Buffer[] = [];
  socket.on("data", (bytes) => parts.push(bytes as Buffer));
  socket.on("error", () => {});
  const closed = new Promise<void>((done) => socket.once("close", () => done()));
  socket.on("end", () => socket.end());
  await new Promise<void>((done) => socket.once("connect", () => done()));
  return { socket, got: () => latin1(Buffer.concat(parts)), closed };
}

test("a request with its body is recorded, whole and digested", () =>
  withServer(answerWhole, async (server) => {
    const sent = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    assert.is(latin1((await ask(server, sent)).body), "/a?b 5");
    const [request] = server.requests;
    assert.equal([request!.method, request!.target, request!.version], [
      "POST",
      "/a?b",
      "HTTP/1.1",
    ]);
    assert.is(latin1(request!.head), sent.slice(0, -5));
    assert.is(request!.body.sha256, createHash("sha256").update("hello").digest("hex"));
    assert.is(request!.complete, true);
    assert.equal(request!.deviations, []);
    assert.is(latin1(server.connections[0]!.raw.bytes), sent);
  }));

test("requests of a kept connection are answered in their order, one after the other", () => {
  let slow: () => void = () => {};
  const waits = new Promise<void>((done) => slow = done);
  return withServer(async (request) => {
    if (request.target === "/1") await waits;
    await answerWhole(request);
  }, async (server, log) => {
    const connection = await Connection.open(server.host, server.port);
    try {
      connection.send(
        "POST /1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n" +
          "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n",
      );
      assert.ok(await log.waitFor(() => server.requests.length === 2, DEADLINE_MS));
      slow();
      assert.is(latin1((await connection.read({ deadlineMs: DEADLINE_MS })).body), "/1 3");
      assert.is(latin1((await connection.read({ deadlineMs: DEADLINE_MS })).body), "/2 0");
    } finally {
      connection.close();
    }
    assert.equal(server.requests[0]!.trailers, [{ name: "X", value: "y" }]);
    assert.is(latin1(server.requests[1]!.head), "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.is(server.connections.length, 1);
  });
});

test("what a strict parser refuses is named, and reading goes on", () =>
  withServer(answerWhole, async (server) => {
    await ask(server, "GET / HTTP/1.1\nHost: x\r\nX: a\r\n b\r\n\r\n");
    assert.equal(server.requests[0]!.deviations, ["bare-lf", "folded-field"]);
    assert.is(server.requests[0]!.complete, true);
  }));

test("what nobody can read is answered with 400", () =>
  withServer(answerWhole, async (server) => {
    const got = await ask(
      server,
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    );
    assert.is(got.status, 400);
    assert.is(server.requests.length, 0);
    assert.equal(server.connections[0]!.deviations, ["conflicting-content-length"]);
    assert.ok(server.connections[0]!.unreadable);
  }));

test("a request that breaks off is not whole", () => {
  const seen: (boolean | undefined)[] = [];
  return withServer(async (request) => void seen.push(await request.whole), async (server) => {
    const { socket, closed } = await rawSocket(server);
    socket.end("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    await closed;
    assert.equal(seen, [false]);
    assert.is(server.requests[0]!.body.length, 4);
    assert.equal(server.requests[0]!.deviations, ["truncated"]);
    assert.is(server.connections[0]!.ended?.how, "FIN");
  });
});

test("a client that says FIN after its request is answered all the same", () => {
  let go: () => void = () => {};
  const waits = new Promise<void>((done) => go = done);
  return withServer(async (request) => {
    await waits;
    request.answer({ body: "late" });
  }, async (server, log) => {
    const { socket, got, closed } = await rawSocket(server);
    socket.end("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.ok(await log.waitFor(() => server.connections[0]?.ended !== undefined, DEADLINE_MS));
    go();
    await closed;
    assert.match(got(), /\r\n\r\nlate$/);
  });
});

test("a reset is told from a FIN", () =>
  withServer(() => {}, async (server, log) => {
    const { socket } = await rawSocket(server);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.ok(await log.waitFor(() => server.requests.length === 1, DEADLINE_MS));
    assert.is(server.open.length, 1);
    socket.resetAndDestroy();
    assert.ok(await log.waitFor(() => server.connections[0]!.closed, DEADLINE_MS));
    assert.is(server.connections[0]!.ended?.how, "reset");
    assert.is(server.open.length, 0);
  }));

test("long bodies go out as they are taken, and come in counted beyond what is kept", () => {
  const piece = Buffer.alloc(64 * 1024, "x");
  const count = 128;
  return withServer(async (request) => {
    await request.whole;
    request.connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${piece.length * count}\r\n\r\n`);
    assert.ok(await request.connection.sendAll(Array(count).fill(piece)));
  }, async (server) => {
    const body = Buffer.concat([Buffer.alloc(KEPT_BYTES, "a"), Buffer.from("beyond")]);
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
    const got = await ask(server, Buffer.concat([Buffer.from(head), body]));
    assert.is(got.body.length, piece.length * count);
    const [request] = server.requests;
    assert.is(request!.body.length, body.length);
    assert.is(request!.body.bytes.length, KEPT_BYTES);
    assert.is(request!.body.sha256, createHash("sha256").update(body).digest("hex"));
  });
});

test("sending to a client that has gone comes to an end", () => {
  let ended: Promise<boolean> | undefined;
  return withServer(async (request) => {
    ended = request.connection.sendAll(Array(1000).fill(Buffer.alloc(64 * 1024)));
    await ended;
  }, async (server, log) => {
    const { socket } = await rawSocket(server);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.ok(await log.waitFor(() => server.requests.length === 1, DEADLINE_MS));
    socket.resetAndDestroy();
    assert.ok(await log.waitFor(() => server.connections[0]!.closed, DEADLINE_MS));
    assert.is(await ended, false);
  });
});

test("the responder may change, and going down refuses until it listens again", () =>
  withServer(answerWhole, async (server) => {
    server.respond = (request) => request.answer({ status: "404 Not Found", close: true });
    assert.is((await ask(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).status, 404);
    await server.refuse();
    const refused = await ask(server, "GET / HTTP/1.1\r\n\r\n").then(
      () => undefined,
      (e: Error) => e,
    );
    assert.instance(refused, Error);
    const { port } = server;
    await server.listen();
    assert.is(server.port, port);
    assert.is((await ask(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).status, 404);
  }));

test("a responder that throws closes the connection, and the log says why", () =>
  withServer(() => Promise.reject(new Error("no fixture")), async (server, log) => {
    assert.is((await ask(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).raw.length, 0);
    assert.match(String(log), "no answer can be made: no fixture");
  }));

test.run();
