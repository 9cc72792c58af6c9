import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePort, latch, within } from "../net/test-kit.ts";
import { Health } from "./health.ts";
import { answering, play, withProxy } from "./test-kit.ts";

const GET = "GET /a?b=1 HTTP/1.1\r\nHost: site\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function head(text: string): string {
  return text.slice(0, text.indexOf("\r\n\r\n") + 4);
}

test("a request reaches the server, and its answer the client", async () => {
  const server = await play();
  await withProxy([server], async ({ client }) => {
    client.socket.write("GET /a%20b?c=1 HTTP/1.1\r\nHost: site\r\nX-Odd-Case: a\r\n\r\n");
    const peer = await server.peer(0);
    await peer.until("the head", () => peer.text().endsWith("\r\n\r\n"));
    assert.match(peer.text(), /^GET \/a%20b\?c=1 HTTP\/1\.1\r\nHost: site\r\nX-Odd-Case: a\r\n/);
    assert.match(peer.text(), /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
    peer.socket.write("HTTP/1.1 418 Teapot\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc");
    await client.until("the answer", () => client.text().endsWith("abc"));
    assert.match(client.text(), /^HTTP\/1\.1 418 Teapot\r\nContent-Length: 3\r\nX-A: b\r\nVia: /);
  });
});

test("requests of one client share a connection to the server", async () => {
  const server = await play(answering((_, serial) => OK.replace("ok", `o${serial}`)));
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET + GET + GET);
    await client.until("three answers", () => client.text().endsWith("o2"));
    assert.is(server.peers.length, 1);
  });
});

test("hop-by-hop fields stay on their side, and those that Connection names", async () => {
  const server = await play();
  await withProxy([server], async ({ client }) => {
    client.socket.write(
      "GET / HTTP/1.1\r\nHost: site\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\n" +
        "Keep-Alive: 5\r\nProxy-Authorization: x\r\nUpgrade: h2c\r\nX-Kept: 2\r\n\r\n",
    );
    const peer = await server.peer(0);
    await peer.until("the head", () => peer.text().endsWith("\r\n\r\n"));
    assert.not.match(peer.text(), /^(connection|x-mine|te|keep-alive|proxy-.*|upgrade):/im);
    assert.match(peer.text(), /\r\nX-Kept: 2\r\n/);
    peer.socket.write(
      "HTTP/1.1 200 OK\r\nConnection: X-Theirs\r\nX-Theirs: 1\r\nKeep-Alive: 5\r\n" +
        "Content-Length: 0\r\n\r\n",
    );
    await client.untilOver();
    assert.not.match(client.text(), /x-theirs|keep-alive/i);
    assert.match(client.text(), /\r\nConnection: close\r\n/);
  });
});

test("Connection cannot take Host or the length away", async () => {
  const server = await play();
  await withProxy([server], async ({ client }) => {
    client.socket.write(
      "POST / HTTP/1.1\r\nHost: site\r\nConnection: host, content-length\r\nContent-Length: 3\r\n\r\nabc",
    );
    const peer = await server.peer(0);
    await peer.until("the body", () => peer.text().endsWith("abc"));
    assert.match(peer.text(), /\r\nHost: site\r\n/);
    assert.match(peer.text(), /\r\nContent-Length: 3\r\n/);
  });
});

for (
  const [what, request, answer, expected] of [
    [
      "chunks reach a client of HTTP/1.1 as chunks",
      GET,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n",
      /Transfer-Encoding: chunked\r\n(?:[^]*\r\n)?\r\n3\r\nabc\r\n0\r\n\r\n$/,
    ],
    [
      "a length stays a length",
      GET,
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
      /Content-Length: 3\r\n[^]*\r\n\r\nabc$/,
    ],
    [
      "a length that is given twice goes on once",
      GET,
      "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
      /^HTTP\/1\.1 200 OK\r\nContent-Length: 3\r\nVia: [^]*\r\n\r\nabc$/,
    ],
    [
      "an answer to HEAD keeps its length and has no body",
      GET.replace("GET", "HEAD"),
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
      /Content-Length: 3\r\n(?:[^\r]+\r\n)*\r\n$/,
    ],
    [
      "an interim answer goes before the final one",
      GET,
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\nVia[^]*\r\n\r\nHTTP\/1\.1 200 OK[^]*ok$/,
    ],
  ] as const
) {
  test(what, async () => {
    const server = await play(answering(() => answer));
    await withProxy([server], async ({ client }) => {
      client.socket.write(request + request);
      await client.until("two answers", () => (client.text().match(/ 200 OK/g) ?? []).length === 2);
      await client.until("the second", () => expected.test(client.text()));
      const second = client.text().lastIndexOf("HTTP/1.1 200");
      const first = client.text().slice(0, what.includes("interim") ? undefined : second);
      assert.match(first, expected);
      assert.is(server.peers.length, 1, "the connection served twice");
    });
  });
}

test("a body that a close ends becomes chunks", async () => {
  const server = await play((peer) => {
    peer.until("a request", () => peer.text().endsWith("\r\n\r\n")).then(() => {
      peer.socket.write("HTTP/1.0 200 OK\r\n\r\nabc");
      peer.socket.end();
    });
  });
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET + GET);
    await client.until(
      "both",
      () => (client.text().match(/3\r\nabc\r\n0\r\n\r\n/g) ?? []).length === 2,
    );
  });
});

test("a client of HTTP/1.0 gets a body without chunks that a close ends", async () => {
  const server = await play(
    answering(() => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
  );
  await withProxy([server], async ({ client }) => {
    client.socket.write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    await client.untilOver();
    assert.ok(client.text().endsWith("\r\n\r\nabc"));
    assert.not.match(head(client.text()), /chunked/);
    assert.match(server.peers[0]!.text(), new RegExp(`Host: 127\\.0\\.0\\.1:${server.port}\r\n`));
  });
});

test("a body goes up as it comes, with its length or in chunks", async () => {
  for (
    const [field, sent, came] of [
      ["Content-Length: 6", ["abc", "def"], "abcdef"],
      [
        "Transfer-Encoding: chunked",
        ["3\r\nabc\r\n", "3\r\ndef\r\n0\r\n\r\n"],
        "3\r\ndef\r\n0\r\n\r\n",
      ],
    ] as const
  ) {
    const server = await play();
    await withProxy([server], async ({ client }) => {
      client.socket.write(`POST / HTTP/1.1\r\nHost: site\r\n${field}\r\n\r\n${sent[0]}`);
      const peer = await server.peer(0);
      await peer.until("the first piece", () => peer.text().includes("abc"));
      client.socket.write(sent[1]);
      await peer.until("the rest", () => peer.text().endsWith(came));
      assert.ok(head(peer.text()).includes(`${field}\r\n`));
      peer.socket.write(OK);
      await client.until("the answer", () => client.text().endsWith("ok"));
      client.socket.write(GET);
      const next = await Promise.race([
        server.peer(1),
        peer.until("it again", () => peer.text().includes("/a?b=1")).then(() => peer),
      ]);
      await next.until("the next", () => next.text().includes("GET /a?b=1"));
    });
  }
});

test("100 Continue comes from the server", async () => {
  const server = await play();
  await withProxy([server], async ({ client }) => {
    client.socket.write(
      "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
    );
    const peer = await server.peer(0);
    await peer.until("the head", () => /Expect: 100-continue\r\n/.test(peer.text()));
    peer.socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    await client.until("100", () => client.text().startsWith("HTTP/1.1 100 Continue\r\n"));
    client.socket.write("hi");
    await peer.until("the body", () => peer.text().endsWith("hi"));
    peer.socket.write(OK);
    await client.until("the answer", () => client.text().endsWith("ok"));
  });
});

test("an answer before the end of the request ends the connection, without loss", async () => {
  const server = await play(
    answering(() => "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
  );
  await withProxy([server], async ({ client }) => {
    client.socket.write("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 1000000\r\n\r\nabc");
    await client.untilOver();
    assert.match(client.text(), /^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*no$/);
  });
});

for (
  const [what, answer, expected] of [
    [
      "whole",
      "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno",
      /^HTTP\/1\.1 413 [^]*\r\nContent-Length: 2\r\n[^]*\r\n\r\nno$/,
    ],
    [
      "cut off inside its length",
      "HTTP/1.1 413 Too Large\r\nContent-Length: 10\r\n\r\nno",
      /^HTTP\/1\.1 413 [^]*\r\nContent-Length: 10\r\n[^]*\r\n\r\nno$/,
    ],
    [
      "without a length",
      "HTTP/1.1 413 Too Large\r\n\r\nno",
      /^HTTP\/1\.1 413 [^]*chunked\r\n[^]*\r\n\r\n2\r\nno\r\n$/,
    ],
    ["inside its head", "HTTP/1.1 413 Too Lar", /^HTTP\/1\.1 502 [^]*Error: \S+ reset the conn/],
    ["without a byte", "", /^HTTP\/1\.1 502 [^]*Error: \S+ reset the connection\n$/],
  ] as const
) {
  test(`an early answer ${what} that a reset follows is what it is`, async () => {
    const server = await play();
    await withProxy([server], async ({ client }) => {
      client.socket.write("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 1000000\r\n\r\nabc");
      const peer = await server.peer(0);
      await peer.until("the start", () => peer.text().endsWith("abc"));
      // In this order and one turn: the proxy writes what came from the client to a socket that is reset.
      client.socket.write("d".repeat(60_000));
      if (answer) peer.socket.write(answer);
      peer.socket.reset();
      await client.untilOver();
      assert.match(client.text(), expected);
    });
  });
}

for (const how of ["end", "reset"] as const) {
  for (const framing of ["Content-Length: 10", "Transfer-Encoding: chunked"]) {
    for (const version of ["1.1", "1.0"]) {
      test(`a server's ${how} inside ${framing} is no clean end for HTTP/${version}`, async () => {
        const server = await play();
        await withProxy([server], async ({ client }) => {
          client.socket.write(GET.replace("1.1", version));
          const peer = await server.peer(0);
          await peer.until("the request", () => peer.text().endsWith("\r\n\r\n"));
          const body = framing.includes("chunked") ? "4\r\nabcd\r\n" : "abcd";
          peer.socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${body}`);
          await client.until("a part", () => client.text().includes("abcd"));
          peer.socket[how]();
          await client.untilOver();
          await client.until("the close", () => client.closings > 0 || client.ended);
          const left = head(client.text());
          const shows = left.includes("Content-Length: 10") || left.includes("chunked");
          assert.ok(
            shows || client.error?.code === "ECONNRESET",
            "a reset, or a part of an announced whole",
          );
          assert.not.ok(client.text().endsWith("0\r\n\r\n"));
        });
      });
    }
  }
}

test("a connection that the server gave up meanwhile costs no answer", async () => {
  const server = await play((peer, index) => {
    peer.until("a request", () => peer.text().endsWith("\r\n\r\n")).then(async () => {
      peer.socket.write(OK);
      if (index > 0) return;
      await peer.until("a second request", () => (peer.text().match(/GET/g) ?? []).length === 2);
      peer.socket.reset();
    });
  });
  await withProxy([server], async ({ client, upstreams }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().endsWith("ok"));
    client.socket.write(GET);
    await client.until("two", () => (client.text().match(/\r\n\r\nok/g) ?? []).length === 2);
    assert.is(server.peers.length, 2);
    assert.is(upstreams[0]!.requests, 2);
    assert.is(upstreams[0]!.inFlight, 0);
  });
});

test("a POST never goes out on a connection that served before", async () => {
  const server = await play(answering(() => OK));
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().endsWith("ok"));
    client.socket.write("POST / HTTP/1.1\r\nHost: site\r\n\r\n");
    await client.until("two", () => (client.text().match(/\r\n\r\nok/g) ?? []).length === 2);
    assert.is(server.peers.length, 2);
  });
});

test("a server that cannot be reached is passed over", async () => {
  const server = await play(answering(() => OK));
  const dead = await freePort();
  await withProxy([dead, server], async ({ client, upstreams }) => {
    for (let i = 1; i <= 4; i++) {
      client.socket.write(GET);
      await client.until(
        "an answer",
        () => (client.text().match(/\r\n\r\nok/g) ?? []).length === i,
      );
    }
    assert.is(upstreams[0]!.requests, 0);
    assert.is(upstreams[1]!.requests, 4);
    assert.is(upstreams[0]!.failures, 1, "it rests after the first");
  });
});

test("where no server can be reached the answer is 502 and says why", async () => {
  const dead = await freePort();
  await withProxy([dead], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().includes("refused"));
    assert.match(
      client.text(),
      /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*\r\n\r\nError: connecting to 127/,
    );
  });
});

test("a server that closes without an answer gives 502, one that is silent 504", async () => {
  const closing = await play((peer) => {
    peer.until("a request", () => peer.text().endsWith("\r\n\r\n")).then(() => peer.socket.end());
  });
  await withProxy([closing], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().includes("without an answer"));
    assert.match(client.text(), /^HTTP\/1\.1 502 /);
  });
  const silent = await play();
  await withProxy([silent], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().includes("in time"));
    assert.match(client.text(), /^HTTP\/1\.1 504 /);
    await silent.peers[0]!.untilOver();
  }, { answerMs: 200 });
});

test("a slow upload is no silence of the server", async () => {
  const server = await play();
  await withProxy([server], async ({ client, dial }) => {
    client.socket.write("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 2\r\n\r\na");
    const peer = await server.peer(0);
    await peer.until("a part", () => peer.text().endsWith("\r\n\r\na"));
    // Another client's request, asked later and given up already, tells that the time is over.
    const other = await dial();
    other.socket.write(GET);
    await other.until("an answer", () => other.text().startsWith("HTTP/1.1 504 "));
    assert.is(client.text(), "");
    client.socket.write("b");
    await peer.until("the body", () => peer.text().endsWith("ab"));
    await client.until("an answer", () => client.text().startsWith("HTTP/1.1 504 "));
  }, { answerMs: 150 });
});

test("a client that waits for 100 Continue is told of a silent server", async () => {
  const server = await play();
  await withProxy([server], async ({ client }) => {
    client.socket.write(
      "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
    );
    await client.until("an answer", () => client.text().startsWith("HTTP/1.1 504 "));
  }, { answerMs: 150 });
});

test("a server that gives up on an unfinished request does not rest for it", async () => {
  const server = await play((peer, index) => {
    peer.until("a request", () => peer.text().includes("\r\n\r\n")).then(() => {
      if (index > 0) peer.socket.write(OK);
      else peer.socket.end();
    });
  });
  const health = new Health({ now: () => performance.now() });
  await withProxy([server], async ({ client, upstreams, dial }) => {
    client.socket.write("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 10\r\n\r\na");
    await client.until("an answer", () => client.text().startsWith("HTTP/1.1 502 "));
    assert.not.ok(health.resting(upstreams[0]!));
    const other = await dial();
    other.socket.write(GET);
    await other.until("an answer", () => other.text().endsWith("ok"));
  }, { health });
});

test("bytes behind an answer cost the next request nothing", async () => {
  const server = await play(answering((_, serial) => serial === 0 ? `${OK}\r\n` : OK));
  await withProxy([server], async ({ client, upstreams }) => {
    client.socket.write(GET + GET);
    await client.until("two", () => (client.text().match(/\r\n\r\nok/g) ?? []).length === 2);
    assert.is(upstreams[0]!.inFlight, 0);
    assert.is(server.peers.length, 2, "the connection is spent");
  });
});

test("a server that speaks before it is asked gives each request an end", async () => {
  const server = await play((peer) => void peer.socket.write("220 ready\r\n"));
  await withProxy([server], async ({ dial, upstreams }) => {
    for (let i = 0; i < 10; i++) {
      const client = await dial();
      client.socket.write(GET);
      await client.until("an end", () => client.text().startsWith("HTTP/1.1 502 "));
    }
    assert.is(upstreams[0]!.inFlight, 0);
  });
});

test("a malformed answer is not asked for again", async () => {
  const server = await play(answering((_, serial) => serial === 0 ? OK : "HTTP/1.1 xx\r\n\r\n"));
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().endsWith("ok"));
    client.socket.write(GET);
    await client.until("a refusal", () => client.text().includes("HTTP/1.1 502 "));
    const asked = server.peers.map((peer) => peer.text()).join("").match(/GET /g) ?? [];
    assert.is(asked.length, 2);
  });
});

test("interim answers without end are no answer", async () => {
  const server = await play(
    answering(() => "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)),
  );
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an end", () => client.text().includes("HTTP/1.1 502 "));
  });
});

test("a client that asks on and reads nothing is not answered on", async () => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: 32000\r\n\r\n${"x".repeat(32_000)}`;
  const server = await play(answering(() => answer));
  await withProxy([server], async ({ client, dial, upstreams }) => {
    client.socket.pause();
    const total = 4000;
    client.socket.write(GET.repeat(total));
    // Another client's round trips through the same server give it the time to answer all it gets.
    const other = await dial();
    for (let i = 1; i <= 300; i++) {
      other.socket.write(GET);
      await other.until("an answer", () => other.received >= i * 32_000);
    }
    assert.ok(upstreams[0]!.requests < total / 2, `${upstreams[0]!.requests} were sent`);
    client.socket.resume();
    await client.until("all", () => client.received > total * 32_000, 60_000);
  });
});

test("a client that leaves takes the server's connection with it", async () => {
  const server = await play();
  await withProxy([server], async ({ client, upstreams }) => {
    client.socket.write(GET);
    const peer = await server.peer(0);
    await peer.until("a request", () => peer.text().endsWith("\r\n\r\n"));
    peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    await client.until("a part", () => client.text().endsWith("abc"));
    client.socket.reset();
    await peer.untilOver();
    await peer.until("the end", () => upstreams[0]!.inFlight === 0);
  });
});

test("a client that does not read stops the server, and gets all when it does", async () => {
  const total = 64 * 1024 * 1024;
  const piece = Buffer.alloc(1024 * 1024, "abcdefgh");
  let sent = 0;
  const began = latch();
  const server = await play((peer) => {
    const pump = () => {
      while (sent < total) {
        sent += piece.length;
        if (!peer.socket.write(piece)) return;
      }
    };
    peer.onDrain = pump;
    peer.until("a request", () => peer.text().endsWith("\r\n\r\n")).then(() => {
      peer.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      pump();
      began.open();
    });
  });
  await withProxy([server], async ({ client, dial }) => {
    client.socket.pause();
    client.socket.write(GET);
    await within("the answer's start", began.promise);
    // Another client's round trips give the proxy the time to take what it wants to.
    for (let i = 0; i < 50; i++) {
      const other = await dial();
      other.socket.write("GET x HTTP/1.1\r\nHost: site\r\n\r\n");
      await other.untilOver();
      other.socket.destroy();
    }
    assert.ok(sent < total / 2, `${sent} bytes were taken for a client that reads none`);
    client.socket.resume();
    await client.until("all of it", () => client.received >= total);
    assert.is(client.bytes().subarray(-8).toString(), "abcdefgh");
  });
});

test("an answer that nobody asked for reaches nobody", async () => {
  const server = await play(
    answering((_, serial) => serial === 0 ? OK + OK.replace("ok", "no") : OK),
  );
  await withProxy([server], async ({ client }) => {
    client.socket.write(GET);
    await client.until("an answer", () => client.text().endsWith("ok"));
    client.socket.write(GET);
    await client.until("two", () => (client.text().match(/\r\n\r\nok/g) ?? []).length === 2);
    assert.not.match(client.text(), /\r\n\r\nno/);
  });
});

for (
  const [what, answer] of [
    ["chunks beside a length", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["two lengths", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"],
    ["a chunk of no size", "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc"],
    ["a field without a name", ": a\r\nContent-Length: 0\r\n\r\n"],
    ["a folded field with control characters", "X: a\r\n \0b\r\nContent-Length: 0\r\n\r\n"],
  ] as const
) {
  test(`${what} of a server's is refused`, async () => {
    const server = await play(answering(() => `HTTP/1.1 200 OK\r\n${answer}`));
    await withProxy([server], async ({ client }) => {
      client.socket.write(GET);
      await client.until(
        "an end",
        () => client.text().includes("Error: ") || client.closings > 0 || client.ended,
      );
      if (client.text()) assert.match(client.text(), /^HTTP\/1\.1 (502|200 OK\r\nTransfer)/);
      await server.peers[0]!.untilOver();
    });
  });
}

test("CONNECT, a target that is no path, and a second Host are refused", async () => {
  const server = await play();
  for (
    const [request, status] of [
      ["CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405],
      ["GET a HTTP/1.1\r\nHost: site\r\n\r\n", 400],
      ["GET /a#b HTTP/1.1\r\nHost: site\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400],
      ["GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
      ["* * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ] as const
  ) {
    await withProxy([server.port], async ({ client }) => {
      client.socket.write(request);
      await client.untilOver();
      assert.match(client.text(), new RegExp(`^HTTP/1\\.1 ${status} `), request);
    });
  }
  assert.is(server.peers.length, 0);
  await server.close();
});

test("the authority of an absolute target outranks Host", async () => {
  const server = await play(answering(() => OK));
  await withProxy([server], async ({ client }) => {
    client.socket.write("GET http://there:81/x HTTP/1.1\r\nHost: here\r\n\r\n");
    await client.until("an answer", () => client.text().endsWith("ok"));
    assert.match(server.peers[0]!.text(), /^GET \/x HTTP\/1\.1\r\nHost: there:81\r\n/);
    assert.not.match(server.peers[0]!.text(), /here\r\n/);
  });
});

test.run();
