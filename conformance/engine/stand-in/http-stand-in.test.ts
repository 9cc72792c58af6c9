import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "node:net";
import { bytesOf, latin1 } from "../bytes.ts";
import { EventLog } from "../event-log.ts";
import { Connection, exchange } from "../wire/connection.ts";
import { HttpStandIn } from "./http-stand-in.ts";
import type { StandInOptions } from "./http-stand-in.ts";

const DEADLINE_MS = 10_000;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

async function withStandIn(
  respond: StandInOptions["respond"],
  body: (standIn: HttpStandIn, log: EventLog) => Promise<void>,
): Promise<void> {
  const log = new EventLog();
  const standIn = await HttpStandIn.start({ name: "server", log, respond });
  try {
    await body(standIn, log);
  } finally {
    await standIn.close();
  }
}

const answer: StandInOptions["respond"] = ({ connection }) => {
  connection.send(OK);
  connection.end();
};

function ask({ host, port }: HttpStandIn, message = "GET / HTTP/1.1\r\n\r\n") {
  return exchange(host, port, message, { deadlineMs: DEADLINE_MS });
}

function seen(log: EventLog): string[] {
  return log.events.map(({ who, what }) => `${who}: ${what}`);
}

test("a request is answered, kept and logged", () =>
  withStandIn(answer, async (standIn, log) => {
    assert.is(standIn.address, `127.0.0.1:${standIn.port}`);
    const got = await ask(standIn, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.is(latin1(got.body), "hi");
    assert.equal(standIn.requests.map(({ method, target }) => [method, target]), [["GET", "/a"]]);
    assert.is(standIn.connections, 1);
    assert.equal(standIn.oddities, []);
    assert.equal(seen(log), ["server: asked for GET /a"]);
  }));

test("what a program asks for reaches the log without its control characters", () =>
  withStandIn(answer, async (standIn, log) => {
    await ask(standIn, "GET /\x1b[31m\xff HTTP/1.1\r\n\r\n");
    assert.equal(seen(log), ["server: asked for GET /?[31m?"]);
  }));

test("a request in pieces is one request, two in one piece are two", () =>
  withStandIn(({ connection }) => connection.send(OK), async (standIn) => {
    const connection = await Connection.open(standIn.host, standIn.port);
    try {
      for (const byte of "GET /1 HTTP/1.1\r\n\r\n") connection.send(bytesOf(byte));
      await connection.read({ deadlineMs: DEADLINE_MS });
      connection.send("GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
      await connection.read({ deadlineMs: DEADLINE_MS });
      await connection.read({ deadlineMs: DEADLINE_MS });
    } finally {
      connection.close();
    }
    assert.equal(standIn.requests.map(({ target }) => target), ["/1", "/2", "/3"]);
    assert.is(standIn.connections, 1);
  }));

test("a request that never ends is an oddity", () =>
  withStandIn(answer, async (standIn, log) => {
    await halfRequest(standIn);
    assert.ok(await log.waitFor(() => standIn.oddities.length > 0, DEADLINE_MS));
    assert.equal(standIn.oddities[0], "a request that never ended");
    assert.is(standIn.requests.length, 0);
  }));

/** Ends its side in the middle of a head, which a `Connection` cannot. */
async function halfRequest({ host, port }: HttpStandIn): Promise<void> {
  const socket = connect({ host, port });
  socket.end("GET / HTTP/1.1\r\n");
  socket.resume();
  await new Promise((closed) => socket.once("close", closed));
}

test("a connection may be reset, and then is closed", () =>
  withStandIn(({ connection }) => connection.reset(), async (standIn) => {
    const got = await ask(standIn);
    assert.is(got.startLine, undefined);
    assert.is(got.raw.length, 0);
  }));

test("an answer that cannot be made closes the connection", () =>
  withStandIn(() => Promise.reject(new Error("no such file")), async (standIn) => {
    assert.is((await ask(standIn)).raw.length, 0);
  }));

test("after going down connections are refused, and after listening again they are not", () =>
  withStandIn(answer, async (standIn, log) => {
    const { port } = standIn;
    await standIn.refuse();
    const refused = await ask(standIn).then(() => undefined, (error: Error) => error);
    assert.instance(refused, Error);
    assert.match(seen(log).at(-1) ?? "", /^server: goes down/);
    await standIn.listen();
    assert.is(standIn.port, port);
    assert.is(latin1((await ask(standIn)).body), "hi");
  }));

test("going down breaks what is open", () =>
  withStandIn(() => {}, async (standIn, log) => {
    const connection = await Connection.open(standIn.host, standIn.port);
    try {
      connection.send("GET / HTTP/1.1\r\n\r\n");
      assert.ok(await log.waitFor(() => standIn.requests.length === 1, DEADLINE_MS));
      await standIn.refuse();
      assert.ok(await connection.closes(DEADLINE_MS));
    } finally {
      connection.close();
    }
  }));

test("a port that is taken is an error", () =>
  withStandIn(answer, async ({ port }) => {
    const options = { name: "other", log: new EventLog(), respond: answer, port };
    const error = await HttpStandIn.start(options).then(() => undefined, (e: Error) => e);
    assert.instance(error, Error);
  }));

test.run();
