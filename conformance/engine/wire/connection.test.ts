import { test } from "uvu";
import * as assert from "uvu/assert";
import { Buffer } from "node:buffer";
import { NetError, nodeTcp } from "../../../src/net/mod.ts";
import type { TcpSocket } from "../../../src/net/mod.ts";
import { latin1 } from "../bytes.ts";
import { Connection, exchange } from "./connection.ts";

const DEADLINE_MS = 10_000;
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
const OPEN_END = "HTTP/1.1 200 OK\r\n\r\nhi";

/** Runs a test against a peer that acts on what it has heard so far, once for each piece. */
async function withPeer(
  act: (socket: TcpSocket, heard: string) => void,
  body: (port: number) => Promise<void>,
): Promise<void> {
  const sockets: TcpSocket[] = [];
  const listener = await nodeTcp.listen({ host: "127.0.0.1", port: 0 }, (socket) => {
    sockets.push(socket);
    let heard = "";
    return { onData: (bytes) => act(socket, heard += latin1(bytes)) };
  });
  try {
    await body(listener.port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await listener.close();
  }
}

async function withConnection(
  act: (socket: TcpSocket, heard: string) => void,
  body: (connection: Connection) => Promise<void>,
): Promise<void> {
  await withPeer(act, async (port) => {
    const connection = await Connection.open("127.0.0.1", port);
    try {
      connection.send("GET / HTTP/1.1\r\n\r\n");
      await body(connection);
    } finally {
      connection.close();
    }
  });
}

test("an exchange is a request and its answer", () =>
  withPeer((socket, heard) => socket.write(heard === "ask" ? OK : ""), async (port) => {
    const got = await exchange("127.0.0.1", port, "ask", { deadlineMs: DEADLINE_MS });
    assert.is(got.end, "length");
    assert.is(latin1(got.body), "hi");
  }));

test("nothing that listens is a NetError", async () => {
  let port = 0;
  await withPeer(() => {}, (free) => Promise.resolve(void (port = free)));
  const error = await Connection.open("127.0.0.1", port).then(() => undefined, (e) => e);
  assert.instance(error, NetError);
});

test("an answer that comes slowly is waited for", () =>
  withConnection((socket) => {
    const send = (at: number) => {
      socket.write(OK.slice(at, at + 1));
      if (at < OK.length) setTimeout(send, 1, at + 1);
    };
    send(0);
  }, async (connection) => {
    const got = await connection.read({ deadlineMs: DEADLINE_MS });
    assert.is(got.end, "length");
    assert.is(latin1(got.raw), OK);
  }));

test("silence ends the wait at the deadline, with what came", () =>
  withConnection((socket) => socket.write(OK.slice(0, -1)), async (connection) => {
    const began = performance.now();
    const got = await connection.read({ deadlineMs: 100 });
    const tookMs = performance.now() - began;
    assert.is(got.end, "silence");
    assert.is(latin1(got.body), "h");
    assert.ok(tookMs >= 90 && tookMs < 5000, `${tookMs} ms`);
  }));

test("a body that only a close could end is taken after a silence", () =>
  withConnection((socket) => socket.write(OPEN_END), async (connection) => {
    const got = await connection.read({ deadlineMs: DEADLINE_MS, silenceMs: 50 });
    assert.is(got.end, "silence");
    assert.is(latin1(got.body), "hi");
  }));

test("each byte of such a body renews the patience", () =>
  withConnection((socket) => {
    socket.write(OPEN_END);
    let left = 10;
    const more = setInterval(() => {
      socket.write("x");
      if (--left === 0) {
        clearInterval(more);
        socket.end();
      }
    }, 30);
  }, async (connection) => {
    const got = await connection.read({ deadlineMs: DEADLINE_MS, silenceMs: 250 });
    assert.is(got.end, "close");
    assert.is(got.body.length, 12);
  }));

test("a close ends what only a close ends, and truncates the rest", async () => {
  const ends: [string, string][] = [[OPEN_END, "close"], [OK.slice(0, -1), "truncated"]];
  for (const [answer, end] of ends) {
    await withConnection((socket) => {
      socket.write(answer);
      socket.end();
    }, async (connection) => {
      assert.is((await connection.read({ deadlineMs: DEADLINE_MS })).end, end);
      assert.ok(connection.closed);
    });
  }
});

test("a reset is the problem", () =>
  withConnection((socket) => socket.reset(), async (connection) => {
    const got = await connection.read({ deadlineMs: DEADLINE_MS });
    assert.is(got.startLine, undefined);
    assert.match(got.problem ?? "", /reset|closed/i);
  }));

test("pipelined answers are read one by one, also from one segment", () =>
  withConnection(
    (socket) => socket.write(OK + OK.replace("hi", "ho") + OPEN_END),
    async (connection) => {
      const bodies: string[] = [];
      for (let i = 0; i < 3; i++) {
        const got = await connection.read({ deadlineMs: DEADLINE_MS, silenceMs: 50 });
        bodies.push(latin1(got.body));
      }
      assert.equal(bodies, ["hi", "ho", "hi"]);
    },
  ));

test("an answer to HEAD leaves what follows for the next", () =>
  withConnection((socket) => socket.write(OK.replace("hi", "") + OK), async (connection) => {
    const head = await connection.read({ deadlineMs: DEADLINE_MS, bodiless: true });
    assert.is(head.end, "none");
    assert.is(latin1((await connection.read({ deadlineMs: DEADLINE_MS })).body), "hi");
  }));

test("whether the peer speaks is known without taking what it says", () =>
  withConnection((socket) => socket.write(OK), async (connection) => {
    assert.ok(await connection.speaks(DEADLINE_MS));
    assert.is(latin1((await connection.read({ deadlineMs: DEADLINE_MS })).body), "hi");
    assert.not(await connection.speaks(30));
  }));

test("a close is waited for, and whatever comes before it is dropped", async () => {
  await withConnection((socket) => {
    socket.write(OK);
    socket.end();
  }, async (connection) => assert.ok(await connection.closes(DEADLINE_MS)));
  await withConnection(
    (socket) => socket.write(OK),
    async (connection) => assert.not(await connection.closes(50)),
  );
});

test("a paused connection takes nothing until it is resumed", () =>
  withConnection((socket) => {
    const body = Buffer.alloc(4 * 1024 * 1024, "x");
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
  }, async (connection) => {
    connection.pause();
    const early = await connection.read({ deadlineMs: 100 });
    assert.ok(early.raw.length < 4 * 1024 * 1024, `${early.raw.length} bytes while paused`);
    connection.resume();
    assert.ok(await connection.speaks(DEADLINE_MS));
  }));

test.run();
