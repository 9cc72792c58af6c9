/** The file server behind the balancer. */
import { realpathSync, statSync } from "node:fs";
import { serveHttp, writeResponseHead } from "../http1/mod.ts";
import type { Exchange, HttpServer, Limits } from "../http1/mod.ts";
import { contentType } from "./content-type.ts";
import type { Log } from "./log.ts";
import { ALLOW, methodRefusal } from "./method.ts";
import { page } from "./page.ts";
import { openTarget } from "./resolve-file.ts";
import type { OpenFile } from "./resolve-file.ts";
import { sendFile } from "./send-file.ts";

export interface FileServerOptions {
  readonly host: string;
  readonly port: number;
  /** The folder whose files are served. */
  readonly root: string;
  readonly log: Log;
  readonly limits?: Limits;
}

/** What a file server is made of; another part changes one thing that it does. */
export interface FileServerParts {
  open(realRoot: string, target: string): OpenFile | undefined;
  contentType(path: string): string;
  send(exchange: Exchange, head: string, file: OpenFile): void;
  /** The whole answer for a status that is not 200. */
  page: typeof page;
  /** The head of a 200. */
  head(file: OpenFile, type: string, keepAlive: boolean): string;
}

export const fileServerParts: FileServerParts = {
  open: openTarget,
  contentType,
  send: sendFile,
  page,
  head: fileHead,
};

/** A root that cannot be served. */
export class RootError extends Error {
  readonly code = "bad-root";
}

/** Starts the server; rejects with a RootError or a NetError. */
export function startFileServer(
  options: FileServerOptions,
  parts: FileServerParts = fileServerParts,
): Promise<HttpServer> {
  const realRoot = checkedRoot(options.root);
  const { log } = options;
  return serveHttp(options, {
    onRequest(exchange) {
      const status = serveRequest(exchange, realRoot, parts);
      const { method, target } = exchange.request;
      log("request", { client: exchange.remoteAddress, method, target, status });
    },
    refuse(found) {
      log("refused", { status: found.status, reason: found.detail });
      return parts.page(found.status, { close: true });
    },
  });
}

function serveRequest(exchange: Exchange, realRoot: string, parts: FileServerParts): number {
  const { method, target } = exchange.request;
  const bodiless = method === "HEAD";
  const refusal = methodRefusal(method);
  if (refusal) {
    exchange.answer(parts.page(refusal, { close: !exchange.keepAlive, fields: [ALLOW] }));
    return refusal;
  }
  const file = parts.open(realRoot, target);
  if (!file) {
    exchange.answer(parts.page(404, { close: !exchange.keepAlive, bodiless }));
    return 404;
  }
  const head = parts.head(file, parts.contentType(file.path), exchange.keepAlive);
  if (bodiless) parts.send(exchange, head, { ...file, size: 0 });
  else parts.send(exchange, head, file);
  return 200;
}

function fileHead(file: OpenFile, type: string, keepAlive: boolean): string {
  const fields = [
    { name: "Content-Type", value: type },
    { name: "Content-Length", value: String(file.size) },
  ];
  if (!keepAlive) fields.push({ name: "Connection", value: "close" });
  return writeResponseHead(200, fields);
}

function checkedRoot(root: string): string {
  try {
    const real = realpathSync(root);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // Told below, as for a file.
  }
  throw new RootError(`the root ${JSON.stringify(root)} is not a folder; give one with --root`);
}
