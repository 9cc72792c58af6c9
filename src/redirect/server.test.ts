import { Buffer } from "node:buffer";
import { fstatSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dial, failureOf, latch, within } from "../net/test-kit.ts";
import type { Peer } from "../net/test-kit.ts";
import { fileServerParts, RootError, startFileServer } from "./server.ts";
import type { FileServerParts } from "./server.ts";
import { sendFile } from "./send-file.ts";
import { withFolder } from "./test-kit.ts";

const LARGE = Buffer.alloc(16 << 20);
for (let at = 0; at < LARGE.length; at += 4) LARGE.writeUInt32LE(at, at);

/** Runs a test with a server of a folder with files in it, and a client. */
function serving(
  name: string,
  run: (peer: Peer, root: string) => Promise<void>,
  parts: Partial<FileServerParts> = {},
): void {
  test(name, () =>
    withFolder(async (root) => {
      writeFileSync(join(root, "index.html"), "<p>home");
      writeFileSync(join(root, "empty.txt"), "");
      writeFileSync(join(root, "large.bin"), LARGE);
      const options = { host: "127.0.0.1", port: 0, root, log: () => {} };
      const server = await startFileServer(options, { ...fileServerParts, ...parts });
      const peer = await dial(server.port);
      try {
        await run(peer, root);
      } finally {
        peer.socket.destroy();
        await server.close();
      }
    }));
}

function ask(target: string, method = "GET", fields = "Connection: close\r\n"): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

function bodyOf(peer: Peer): Buffer {
  const bytes = peer.bytes();
  return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
}

/** Requests, and what their answer has to match. */
const ANSWERS: readonly [string, RegExp][] = [
  [ask("/"), /^HTTP\/1.1 200 OK\r\nContent-Type: text\/html[^]*Content-Length: 7\r\n[^]*<p>home$/],
  [
    ask("/empty.txt"),
    /^HTTP\/1.1 200 OK\r\nContent-Type: text\/plain[^]*Length: 0\r\n[^]*\r\n\r\n$/,
  ],
  [ask("/", "HEAD"), /^HTTP\/1.1 200 OK\r\n[^]*Content-Length: 7\r\n[^]*\r\n\r\n$/],
  [ask("/large.bin", "HEAD"), /^HTTP\/1.1 200 [^]*Content-Length: 16777216\r\n[^]*\r\n\r\n$/],
  [ask("/none"), /^HTTP\/1.1 404 Not Found\r\n[^]*text\/html[^]*<h1>404/],
  [ask("/none", "HEAD"), /^HTTP\/1.1 404 [^]*\r\n\r\n$/],
  [ask("/", "POST"), /^HTTP\/1.1 405 [^]*Allow: GET, HEAD\r\n/],
  [ask("/", "BREW"), /^HTTP\/1.1 501 /],
  ["nonsense\r\n\r\n", /^HTTP\/1.1 400 [^]*Connection: close\r\n/],
  [ask("/%2e%2e/etc/passwd"), /^HTTP\/1.1 404 /],
];

for (const [text, pattern] of ANSWERS) {
  serving(
    `answers ${JSON.stringify(text.slice(0, 30))} with ${pattern.source.slice(0, 20)}`,
    async (peer) => {
      peer.socket.write(text);
      await peer.untilOver();
      assert.match(peer.text(), pattern);
    },
  );
}

serving("sends 16 MiB intact, also to a reader that starts late", async (peer) => {
  peer.socket.pause();
  peer.socket.write(ask("/large.bin"));
  const other = await dial(peer.socket.remotePort);
  other.socket.write(ask("/large.bin"));
  await other.untilOver();
  assert.ok(bodyOf(other).equals(LARGE), "the file came changed");
  other.socket.destroy();
  peer.socket.resume();
  await peer.untilOver();
  assert.ok(bodyOf(peer).equals(LARGE), "the file came changed to the late reader");
});

serving("sends pipelined files one after the other", async (peer) => {
  peer.socket.write(ask("/large.bin", "GET", "") + ask("/", "GET", "") + ask("/large.bin"));
  await peer.untilOver();
  const bytes = bodyOf(peer);
  assert.ok(bytes.subarray(0, LARGE.length).equals(LARGE));
  assert.match(bytes.subarray(LARGE.length, LARGE.length + 300).toString("latin1"), /<p>homeHTTP/);
  assert.ok(bytes.subarray(-LARGE.length).equals(LARGE));
});

for (const [name, left] of [["index.html", 3], ["large.bin", 1 << 20]] as const) {
  serving(`breaks the connection when ${name} turns out shorter than it was`, async (peer) => {
    peer.socket.write(ask(`/${name}`));
    await peer.untilOver();
    assert.ok(bodyOf(peer).length <= left, "more came than is left of the file");
  }, {
    send(exchange, head, file) {
      truncateSync(file.path, left);
      sendFile(exchange, head, file);
    },
  });
}

const started = latch<{ descriptor: number; inode: number }>();
const gone = latch();

serving("closes the file when the client goes in the middle of it", async (peer) => {
  peer.socket.pause();
  peer.socket.write(ask("/large.bin"));
  const { descriptor, inode } = await within("the start", started.promise);
  assert.is(fstatSync(descriptor).ino, inode);
  peer.socket.reset();
  await within("onGone", gone.promise);
  let still: number | undefined;
  try {
    still = fstatSync(descriptor).ino;
  } catch {
    // Closed, as it should be.
  }
  assert.is.not(still, inode);
}, {
  send(exchange, head, file) {
    sendFile(exchange, head, file);
    const close = exchange.onGone;
    exchange.onGone = () => {
      close?.();
      gone.open();
    };
    started.open({ descriptor: file.descriptor, inode: fstatSync(file.descriptor).ino });
  },
});

test("refuses a root that is no folder, and shows it", () =>
  withFolder((folder) => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const root of [file, join(folder, "none")]) {
      const options = { host: "127.0.0.1", port: 0, root, log: () => {} };
      assert.throws(
        () => startFileServer(options),
        (error: Error) => error instanceof RootError && error.message.includes(root),
      );
    }
  }));

test("rejects when the address is in use", () =>
  withFolder(async (root) => {
    const options = { host: "127.0.0.1", port: 0, root, log: () => {} };
    const server = await startFileServer(options);
    const error = await failureOf(startFileServer({ ...options, port: server.port }));
    assert.is(error.code, "EADDRINUSE");
    await server.close();
  }));

test.run();
