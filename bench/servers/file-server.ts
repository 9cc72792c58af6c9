/**
 * Serves the files of a folder at a chosen pace, and wrongly where it is told to: what the benchmark
 * is shown to notice. An answer goes out when its service is over.
 */
import { Buffer } from "node:buffer";
import { closeSync, readSync } from "node:fs";
import process from "node:process";
import type { Exchange } from "../../src/http1/mod.ts";
import { fileServerParts, sendFile, startFileServer } from "../../src/redirect/mod.ts";
import type { FileServerParts, OpenFile } from "../../src/redirect/mod.ts";
import { serveLines } from "../process/lines.ts";
import { Pace } from "./pace.ts";
import type { PaceOptions } from "./pace.ts";

export interface FileServerOrder extends PaceOptions {
  readonly root: string;
  /** Its `X-Server`. */
  readonly name: string;
}

export function fileServer(): Promise<number> {
  let pace: Pace | undefined;
  let fault: "flip" | "shorten" | undefined;
  return serveLines({
    async start({ root, name, ...options }: FileServerOrder) {
      pace = new Pace(options);
      const parts = pacedParts(name, pace, () => fault);
      const place = { host: "127.0.0.1", port: 0, root, log: () => {} };
      return { port: (await startFileServer(place, parts)).port };
    },
    pace: (options: PaceOptions) => pace?.set(options),
    flip: () => void (fault = "flip"),
    shorten: () => void (fault = "shorten"),
    die() {
      process.stderr.write("told to die\n", () => process.exit(1));
    },
    /** Answered never: whoever asks hears of this process's end. */
    end: () => new Promise(() => {}),
  });
}

function pacedParts(
  name: string,
  pace: Pace,
  fault: () => "flip" | "shorten" | undefined,
): FileServerParts {
  return {
    ...fileServerParts,
    open(realRoot, target) {
      const file = fileServerParts.open(realRoot, target);
      // Half of it, in a message that is whole.
      return file && fault() === "shorten" ? { ...file, size: file.size >> 1 } : file;
    },
    head: (file, type, keepAlive) =>
      fileServerParts.head(file, type, keepAlive).replace(
        "\r\n\r\n",
        `\r\nX-Server: ${name}\r\n\r\n`,
      ),
    send(exchange, head, file) {
      const nowMs = performance.now();
      const dueMs = pace.enter(nowMs, file.size);
      const send = fault() === "flip" ? sendFlipped : sendFile;
      const timer = setTimeout(() => {
        // The descriptor is the sender's from here on.
        exchange.onGone = undefined;
        pace.answered(performance.now(), dueMs);
        send(exchange, head, file);
      }, Math.ceil(dueMs - nowMs));
      exchange.onGone = () => {
        clearTimeout(timer);
        closeSync(file.descriptor);
      };
    },
  };
}

/** One bit of the byte in the middle is another one. */
function sendFlipped(exchange: Exchange, head: string, file: OpenFile): void {
  const body = Buffer.alloc(file.size);
  readSync(file.descriptor, body, 0, file.size, 0);
  closeSync(file.descriptor);
  const middle = file.size >> 1;
  body[middle] = (body[middle] as number) ^ 1;
  exchange.answer(Buffer.concat([Buffer.from(head, "latin1"), body]));
}
