import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NetError } from "../net/mod.ts";
import {
  answerWith,
  dial,
  failureOf,
  freePort,
  latch,
  listenAsPeer,
  within,
} from "../net/test-kit.ts";
import type { Peer } from "../net/test-kit.ts";
import { Http1Error, request, writeChunk, writeLastChunk } from "./mod.ts";
import type { RequestOptions, ResponseHead } from "./mod.ts";

const MESSAGE = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

function to(port: number, more: Partial<RequestOptions> = {}): RequestOptions {
  return { host: "127.0.0.1", port, message: MESSAGE, connectMs: 5000, idleMs: 5000, ...more };
}

/** What a request to this port gives. */
async function ask(port: number, more: Partial<RequestOptions> = {}) {
  const heads: ResponseHead[] = [];
  const pieces: Buffer[] = [];
  const head = await within(
    "the answer",
    request(to(port, more), {
      onHead: (found) => heads.push(found),
      onData: (bytes) => pieces.push(Buffer.from(bytes)),
    }),
  );
  return { head, heads, body: Buffer.concat(pieces).toString("latin1") };
}

/** Runs a test against a server that answers so. */
function against(
  name: string,
  answer: (head: string, peer: Peer) => void,
  run: (port: number) => Promise<void>,
): void {
  test(name, async () => {
    const peers: Peer[] = [];
    const listener = await answerWith((head, peer) => {
      peers.push(peer);
      answer(head, peer);
    });
    try {
      await run(listener.port);
    } finally {
      for (const peer of peers) peer.socket.destroy();
      await listener.close();
    }
  });
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

against("sends the message and gives head and body", (head, peer) => {
  peer.socket.write(head === MESSAGE ? `${OK}right` : `${OK}wrong`);
}, async (port) => {
  const { head, heads, body } = await ask(port);
  assert.is(head.status, 200);
  assert.equal(heads, [head]);
  assert.is(body, "right");
});

against("reads an answer that comes byte by byte", (_, peer) => {
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
    writeChunk("ab") + writeChunk("\r\n\0") + writeLastChunk([{ name: "T", value: "u" }]);
  let at = 0;
  const next = () => {
    if (at === chunked.length) return;
    peer.socket.write(chunked.charAt(at++));
    setTimeout(next, 0);
  };
  next();
}, async (port) => assert.is((await ask(port)).body, "ab\r\n\0"));

against("reads an answer without a length to the close", (_, peer) => {
  peer.socket.write("HTTP/1.0 200 OK\r\n\r\nto the end");
  peer.socket.end();
}, async (port) => assert.is((await ask(port)).body, "to the end"));

against("passes over interim answers", (_, peer) => {
  peer.socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n${OK}right`);
}, async (port) => {
  const { heads, body } = await ask(port);
  assert.equal(heads.map(({ status }) => status), [200]);
  assert.is(body, "right");
});

against("waits for no body in the answer to a HEAD", (_, peer) => {
  peer.socket.write(OK);
}, async (port) => assert.is((await ask(port, { bodiless: true })).body, ""));

against("takes nothing that comes behind the answer", (_, peer) => {
  peer.socket.write(`HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n${OK}extra`);
}, async (port) => {
  const { head, heads, body } = await ask(port);
  assert.is(head.status, 404);
  assert.is(heads.length, 1);
  assert.is(body, "");
});

against("closes the connection when it has its answer", (_, peer) => {
  peer.socket.write(`${OK}right`);
}, async (port) => {
  // The stand-in's own close is seen by the next test's kit; here by the peer itself.
  const over = latch();
  const listener = await listenAsPeer((peer) => {
    peer.until("the request", () => peer.text().endsWith("\r\n\r\n"))
      .then(() => peer.socket.write(`${OK}right`))
      .then(() => peer.untilOver()).then(over.open);
  });
  await ask(listener.port);
  await within("the client's close", over.promise);
  await listener.close();
  assert.is((await ask(port)).body, "right");
});

/** Bodies that end too soon, and how much of them the message has to name. */
const TRUNCATED: readonly [string, string][] = [
  [`${OK}rig`, "after 3 of 5 bytes"],
  [OK, "after 0 of 5 bytes"],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nri", "after 2 bytes"],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nri\r\n", "after 2 bytes"],
  ["HTTP/1.1 200 OK\r\nContent-Le", "after 0 bytes"],
  ["", "without an answer"],
];

for (const [text, told] of TRUNCATED) {
  against(`says truncated of ${JSON.stringify(text.slice(-30))} and a close`, (_, peer) => {
    if (text) peer.socket.write(text);
    peer.socket.end();
  }, async (port) => {
    const error = await failureOf(ask(port));
    assert.instance(error, Http1Error);
    assert.is(error.code, "truncated");
    assert.match(error.message, told);
    assert.match(error.message, `127.0.0.1:${port}`);
  });
}

for (
  const text of [
    "nonsense\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"a".repeat(9000)}`,
  ]
) {
  against(`says malformed of ${JSON.stringify(text.slice(0, 60))}`, (_, peer) => {
    peer.socket.write(text);
  }, async (port) => {
    const error = await failureOf(ask(port));
    assert.instance(error, Http1Error);
    assert.is(error.code, "malformed");
  });
}

against("takes what is deviant but clear", (_, peer) => {
  peer.socket.write("HTTP/1.1 200\nContent-Length : 2\n\nok");
}, async (port) => assert.is((await ask(port)).body, "ok"));

against("gives up a server that says nothing", () => {}, async (port) => {
  const error = await failureOf(ask(port, { idleMs: 50 }));
  assert.is(error.code, "silent");
  assert.match(error.message, "50 ms");
});

against("gives up a server that stops in the middle", (_, peer) => {
  peer.socket.write(`${OK}ri`);
}, async (port) => assert.is((await failureOf(ask(port, { idleMs: 50 }))).code, "silent"));

against("gives up a server that drips, after the time for all of it", (_, peer) => {
  peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n");
  const drip = () => {
    if (peer.closings > 0 || peer.ended) return;
    peer.socket.write("x");
    setTimeout(drip, 5);
  };
  drip();
}, async (port) => {
  const error = await failureOf(ask(port, { idleMs: 5000, totalMs: 100 }));
  assert.is(error.code, "silent");
  assert.match(error.message, "100 ms");
});

against("is rejected with what its handler throws, and tells it nothing more", (_, peer) => {
  peer.socket.write(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(50),
  );
}, async (port) => {
  const full = new Error("no space left");
  let told = 0;
  const asked = request(to(port), {
    onHead() {},
    onData() {
      told++;
      throw full;
    },
  });
  assert.is(await failureOf(asked), full);
  assert.is(told, 1);
});

test("is rejected with a NetError when nothing listens", async () => {
  const error = await failureOf(ask(await freePort()));
  assert.instance(error, NetError);
  assert.is(error.code, "ECONNREFUSED");
});

against("is rejected when the connection is reset", (_, peer) => {
  peer.socket.write(`${OK}ri`);
  peer.socket.reset();
}, async (port) => {
  const error = await failureOf(ask(port));
  assert.ok(error instanceof NetError || error.code === "truncated", String(error));
});

against("keeps 50 requests at once apart", (head, peer) => {
  const target = /^GET (\S+)/.exec(head)?.[1] as string;
  peer.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`);
}, async (port) => {
  const wanted = Array.from({ length: 50 }, (_, index) => `/${index}`);
  const got = await Promise.all(wanted.map((target) => {
    const message = `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
    return ask(port, { message }).then(({ body }) => body);
  }));
  assert.equal(got, wanted);
});

test("gives up at once what was reset before it was asked", async () => {
  const listener = await listenAsPeer((peer) => peer.socket.destroy());
  const error = await failureOf(ask(listener.port));
  assert.ok(error instanceof NetError || error.code === "truncated", String(error));
  await listener.close();
  assert.is((await failureOf(dial(listener.port))).code, "ECONNREFUSED");
});

test.run();
