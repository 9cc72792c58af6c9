import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answerWith, failureOf } from "../net/test-kit.ts";
import { download, DownloadError, downloadParts } from "./client.ts";
import type { DownloadOptions } from "./client.ts";
import { withFolder } from "./test-kit.ts";

type Site = (target: string, head: string) => string;

function ok(body: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function redirect(location: string, status = 301): string {
  return `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 2\r\n\r\n..`;
}

/** Runs a test with a stand-in server, a folder, and what is needed to download into it. */
async function site(
  answer: Site,
  run: (options: DownloadOptions, shown: () => string) => Promise<void>,
): Promise<void> {
  const listener = await answerWith((head, peer) => {
    peer.socket.write(answer(/^GET (\S+)/.exec(head)?.[1] ?? "", head));
    peer.socket.end();
  });
  let text = "";
  try {
    await withFolder((folder) =>
      run({
        url: `http://127.0.0.1:${listener.port}/dir/f.txt`,
        folder,
        maxRedirects: 5,
        idleMs: 5000,
        print: (part) => text += part,
      }, () => text)
    );
  } finally {
    await listener.close();
  }
}

test("saves a file as it is served, and prints the head", () =>
  site(() => ok("\0\xff\r\n"), async (options, shown) => {
    const saved = await download(options);
    assert.is(saved.size, 4);
    assert.equal([...readFileSync(saved.path)], [0, 255, 13, 10]);
    assert.equal(readdirSync(options.folder), ["f.txt"]);
    assert.is(shown(), "HTTP/1.1 200 OK\nContent-Length: 4\n\n");
  }));

/** Locations, and the target that they lead to. */
const LOCATIONS: readonly [string, string][] = [
  ["/g", "/g"],
  ["g", "/dir/g"],
  ["../g?x", "/g?x"],
  ["//HOST/h", "/h"],
  ["http://HOST/i/j", "/i/j"],
];

for (const [given, target] of LOCATIONS) {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`follows a ${status} to ${given}, and keeps the name first asked for`, () =>
      site((asked, head) => {
        const host = /^Host: (.*)\r$/m.exec(head)?.[1] as string;
        if (asked === "/dir/f.txt") return redirect(given.replace("HOST", host), status);
        return ok(asked);
      }, async (options, shown) => {
        const saved = await download(options);
        assert.is(readFileSync(saved.path, "latin1"), target);
        assert.equal(readdirSync(options.folder), ["f.txt"]);
        assert.match(shown(), new RegExp(`^HTTP/1.1 ${status} Moved\nLocation: `));
      }));
  }
}

/** Answers that are no file, and the error's code. */
const FAILURES: readonly [string, string, string][] = [
  ["a 404", "HTTP/1.1 404 None\r\nContent-Length: 1\r\n\r\nx", "status"],
  ["a 500", "HTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\nx", "status"],
  ["a 301 without Location", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", "no-location"],
  ["a loop", redirect("/dir/f.txt"), "too-many-redirects"],
  ["another scheme", redirect("https://a/"), "bad-url"],
  ["a file URL", redirect("file:///etc/passwd"), "bad-url"],
  ["a short body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "truncated"],
  ["a short chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx", "truncated"],
  ["no HTTP", "nonsense\r\n\r\n", "malformed"],
  [
    "a 404 with a 200 behind it",
    `HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n${ok("x")}`,
    "status",
  ],
];

for (const [what, answer, code] of FAILURES) {
  test(`fails on ${what} with ${code}, and leaves nothing`, () =>
    site(() => answer, async (options) => {
      assert.is((await failureOf(download(options))).code, code);
      assert.equal(readdirSync(options.folder), []);
    }));
}

test("follows as many redirects as it may, and no more", () =>
  site((target) => {
    const step = Number(/\d+/.exec(target)?.[0] ?? 0);
    return step === 5 ? ok("there") : redirect(`/${step + 1}`);
  }, async (options) => {
    assert.is((await download(options)).size, 5);
    const error = await failureOf(download({ ...options, maxRedirects: 4 }));
    assert.instance(error, DownloadError);
    assert.match(error.message, /more than 4 redirects.*"\/5"/);
  }));

test("passes on the error of a full disk, and discards", () =>
  site(() => ok("x"), async (options) => {
    let discarded = 0;
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    const open = () => ({
      path: "",
      size: 0,
      write() {
        throw full;
      },
      keep: () => assert.unreachable("it was kept"),
      discard: () => void discarded++,
    });
    assert.is(await failureOf(download(options, { ...downloadParts, open })), full);
    assert.is(discarded, 1);
  }));

test("stops when it is aborted, and leaves nothing", () =>
  site(() => ok("x"), async (options) => {
    const error = await failureOf(download({ ...options, signal: AbortSignal.abort() }));
    assert.is(error.name, "AbortError");
    assert.equal(readdirSync(options.folder), []);
  }));

test("prints nothing that drives a terminal", () =>
  site(
    () => "HTTP/1.1 404 \x9b\xe9\r\nX: a\x1b[31m\r\nContent-Length: 0\r\n\r\n",
    async (options, shown) => {
      await failureOf(download(options));
      assert.match(shown(), /^[\n\x20-\x7e]+$/);
    },
  ));

test.run();
