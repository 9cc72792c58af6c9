/** File servers that break one rule. */
import { Buffer } from "node:buffer";
import { fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  fileServerParts as parts,
  openTarget,
  page,
  sendFile,
  startFileServer,
  targetPath,
} from "../../src/redirect/mod.ts";
import type { FileServerParts, OpenFile } from "../../src/redirect/mod.ts";
import type { Exchange } from "../../src/http1/mod.ts";
import type { TcpDriver } from "../../src/net/mod.ts";
import {
  crashOnShortLine,
  oneAtATime,
  readLine,
  readOnce,
  takeAnyMethod,
  takeAnyVersion,
} from "./driver.ts";
import { plainText, withStatus } from "./pages.ts";
import type { ServerMutant } from "./types.ts";

function server(
  rule: string,
  name: string,
  what: string,
  broken: () => Partial<FileServerParts>,
  driver?: TcpDriver,
): ServerMutant {
  return {
    name: `server-${name}`,
    breaks: rule.includes(".") ? `redirect.${rule}` : `redirect.server.${rule}`,
    what,
    system: "redirect",
    role: "server",
    start: (options) =>
      startFileServer({ ...options, ...(driver ? { driver } : {}) }, { ...parts, ...broken() }),
  };
}

const same = () => ({});

/** The file's bytes go through `change` where the file `fits`. */
function sending(fits: (file: OpenFile) => boolean, change: (bytes: Buffer) => Buffer) {
  return () => ({
    send(exchange: Exchange, head: string, file: OpenFile) {
      if (file.size === 0 || !fits(file)) return sendFile(exchange, head, file);
      const body = change(readFileSync(file.path));
      const length = `Content-Length: ${body.length}`;
      exchange.answer(
        Buffer.concat([Buffer.from(head.replace(/Content-Length: \d+/, length)), body]),
      );
    },
  });
}

function openAt(path: string): OpenFile | undefined {
  try {
    const descriptor = openSync(path, "r");
    const status = fstatSync(descriptor);
    return status.isFile() ? { descriptor, path, size: status.size } : undefined;
  } catch {
    return undefined;
  }
}

/** Opens what `path` makes of a target, and as the reference does where it makes nothing of it. */
function opening(path: (root: string, target: string) => string | undefined) {
  return () => ({
    open(root: string, target: string) {
      const found = path(root, target);
      return found === undefined ? openTarget(root, target) : openAt(found);
    },
  });
}

const hiding = (hidden: (target: string, file: OpenFile | undefined) => boolean) => () => ({
  open(root: string, target: string) {
    const file = openTarget(root, target);
    return hidden(target, file) ? undefined : file;
  },
});

/** `..` and escapes resolved, nothing checked. */
function climbing(root: string, target: string): string | undefined {
  const decoded = decodeURIComponent(target.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  return decoded.includes("..") ? join(root, decoded) : undefined;
}

function latin1Name(root: string, target: string): string | undefined {
  if (!/%[89a-f]/i.test(target)) return undefined;
  return join(root, unescape(target.replaceAll("..", "")));
}

function belowFile(): Partial<FileServerParts> {
  let target = "";
  return {
    open(root, asked) {
      target = asked;
      return openTarget(root, asked);
    },
    page: (status, options) =>
      page(status === 404 && /\.html\//.test(target) ? 500 : status, options),
  };
}

function headWithBody(): Partial<FileServerParts> {
  return {
    send: (exchange, head, file) =>
      sendFile(exchange, head, { ...file, size: fstatSync(file.descriptor).size }),
  };
}

function noHead(): Partial<FileServerParts> {
  return {
    send(exchange, head, file) {
      if (exchange.request.method !== "HEAD") return sendFile(exchange, head, file);
      exchange.answer(page(501, { close: !exchange.keepAlive, bodiless: true }));
    },
  };
}

function closing(): Partial<FileServerParts> {
  return {
    send(exchange, head, file) {
      const said = exchange.keepAlive ? head.replace(/\r\n$/, "Connection: close\r\n\r\n") : head;
      exchange.keepAlive = false;
      sendFile(exchange, said, file);
    },
  };
}

export const serverMutants: readonly ServerMutant[] = [
  server(
    "serves-identical",
    "text-mode",
    "turns CR LF into LF in text files",
    sending(
      ({ path }) => path.endsWith(".txt"),
      (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1"),
    ),
  ),
  server(
    "serves-identical",
    "utf-8",
    "reads small binary files as UTF-8, so that other bytes become U+FFFD",
    sending(
      ({ path, size }) => path.endsWith(".bin") && size < 4096,
      (bytes) => Buffer.from(bytes.toString("utf8")),
    ),
  ),
  server(
    "serves-identical",
    "no-empty-file",
    "takes an empty file for a missing one",
    hiding((_, file) => file?.size === 0),
  ),
  server(
    "content-type",
    "octet-stream",
    "says application/octet-stream of every file",
    () => ({ contentType: () => "application/octet-stream" }),
  ),
  server("content-type", "all-html", "says text/html of every file", () => ({
    contentType: () => "text/html",
  })),
  server(
    "escaped-name",
    "no-unescape",
    "looks for names with their escapes in them",
    hiding((target) => target.includes("%")),
  ),
  server(
    "escaped-name",
    "latin-1-names",
    "takes escaped bytes of a name for Latin-1",
    opening(latin1Name),
  ),
  server("404", "plain-404", "sends 404 with a body of plain text", () => ({
    page: (status, options) => status === 404 ? plainText(status, options) : page(status, options),
  })),
  server("404", "500-below-file", "answers 500 where a path goes on below a file", belowFile),
  server(
    "stays-in-root",
    "dots",
    "joins a path with .. in it to its root unchecked",
    opening(climbing),
  ),
  server(
    "stays-in-root",
    "double-slash",
    "takes a path with two slashes for one from the root of the disk",
    opening((_, target) => target.startsWith("//") ? target.slice(1) : undefined),
  ),
  server(
    "links",
    "follows-links",
    "follows a link out of its root",
    opening((root, target) => {
      const path = targetPath(target);
      return path && !path.endsWith("/") ? join(root, path) : undefined;
    }),
  ),
  server("bad-request", "crash", "ends at a request line of one word", same, crashOnShortLine),
  server("bad-request", "200-for-bad", "answers a malformed request with 200", () => ({
    page: withStatus([400, 414, 431, 505], 200),
  })),
  server("bad-request", "any-method", "takes every method for GET", same, takeAnyMethod),
  server("bad-request", "any-version", "takes every version for HTTP/1.1", same, takeAnyVersion),
  server("fragmented-request", "read-once", "takes the first piece for all of it", same, readOnce),
  server("fragmented-request", "read-line", "answers after the first line", same, readLine),
  server(
    "concurrent",
    "one-at-a-time",
    "serves a client only when the one before it has gone",
    same,
    oneAtATime("closed"),
  ),
  server("head", "head-with-body", "sends the body with the answer to a HEAD too", headWithBody),
  server("head", "no-head", "answers HEAD with 501", noHead),
  server("keep-alive", "closes", "closes the connection after each file", closing),
  {
    ...server(
      "system.files-intact",
      "whole-blocks",
      "leaves off the last incomplete block of 4 KiB of files from 16 to 64 KiB",
      sending(
        ({ size }) => size > 16384 && size < 65536,
        (bytes) => bytes.subarray(0, bytes.length - bytes.length % 4096),
      ),
    ),
    name: "system-whole-blocks",
  },
];
