/** The client: asks, prints a redirect, follows it, saves the file. */
import {
  fieldValue,
  hostField,
  parseHttpUrl,
  request,
  resolveLocation,
  writeRequestHead,
} from "../http1/mod.ts";
import type { HttpUrl, ResponseHead } from "../http1/mod.ts";
import { fileName, PartialFile } from "./save-file.ts";

export interface DownloadOptions {
  readonly url: string;
  /** Where the file is saved. */
  readonly folder: string;
  readonly maxRedirects: number;
  /** Milliseconds without a byte before an answer is given up. */
  readonly idleMs: number;
  /** Takes what is shown of each answer. */
  readonly print: (text: string) => void;
  /** Told of each piece; `total` is undefined where the length is not known. */
  readonly progress?: (received: number, total: number | undefined) => void;
  /** Rejects the download and cleans up when aborted. */
  readonly signal?: AbortSignal;
}

/** What a client is made of; another part changes one thing that it does. */
export interface DownloadParts {
  resolve: typeof resolveLocation;
  /** The whole request. */
  ask(url: HttpUrl): string;
  fetch: typeof request;
  /** The name that the file is saved under. */
  name(first: HttpUrl, last: HttpUrl, head: ResponseHead): string;
  open(
    folder: string,
    name: string,
  ): Pick<PartialFile, "write" | "keep" | "discard" | "size" | "path">;
}

export const downloadParts: DownloadParts = {
  resolve: resolveLocation,
  ask: (url) =>
    writeRequestHead("GET", url.target, [
      { name: "Host", value: hostField(url) },
      { name: "User-Agent", value: "steelyard" },
      { name: "Accept", value: "*/*" },
      { name: "Connection", value: "close" },
    ]),
  fetch: request,
  name: (first) => fileName(first.target),
  open: (folder, name) => new PartialFile(folder, name),
};

export interface Saved {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** An answer that is no file. */
export class DownloadError extends Error {
  readonly code: "status" | "no-location" | "too-many-redirects" | "aborted";

  constructor(code: DownloadError["code"], message: string) {
    super(message);
    this.name = "DownloadError";
    this.code = code;
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const CONNECT_MS = 10_000;

/** Rejects with a DownloadError, an Http1Error, a NetError or the file system's error. */
export async function download(
  options: DownloadOptions,
  parts: DownloadParts = downloadParts,
): Promise<Saved> {
  const first = parseHttpUrl(options.url);
  let url = first;
  for (let redirects = 0;; redirects++) {
    const got = await fetchOne(first, url, options, parts);
    if (got.saved) return got.saved;
    const { head } = got;
    if (!REDIRECTS.has(head.status)) {
      throw new DownloadError("status", `the server answered ${head.status} ${head.reason}`);
    }
    const location = fieldValue(head.fields, "location");
    if (!location) {
      throw new DownloadError("no-location", `${head.status} came without a Location to follow`);
    }
    if (redirects === options.maxRedirects) {
      const limit = `more than ${options.maxRedirects} redirects; the last led to`;
      throw new DownloadError("too-many-redirects", `${limit} ${JSON.stringify(location)}`);
    }
    url = parts.resolve(url, location);
  }
}

async function fetchOne(
  first: HttpUrl,
  url: HttpUrl,
  options: DownloadOptions,
  parts: DownloadParts,
): Promise<{ head: ResponseHead; saved?: Saved }> {
  let file: ReturnType<DownloadParts["open"]> | undefined;
  let total: number | undefined;
  try {
    const head = await parts.fetch(
      {
        host: url.host,
        port: url.port,
        message: parts.ask(url),
        connectMs: CONNECT_MS,
        idleMs: options.idleMs,
      },
      {
        onHead(head) {
          show(head, options.print);
          if (head.status !== 200) return;
          total = head.framing.kind === "length" ? head.framing.length : undefined;
          file = parts.open(options.folder, parts.name(first, url, head));
        },
        onData(bytes) {
          options.signal?.throwIfAborted();
          file?.write(bytes);
          if (file) options.progress?.(file.size, total);
        },
      },
    );
    if (!file) return { head };
    file.keep();
    return { head, saved: { path: file.path, size: file.size } };
  } catch (error) {
    file?.discard();
    throw error;
  }
}

/** The status line and fields, with control characters made harmless for a terminal. */
function show(head: ResponseHead, print: (text: string) => void): void {
  const lines = [`HTTP/1.${head.minor} ${head.status} ${head.reason}`];
  for (const { name, value } of head.fields) lines.push(`${name}: ${value}`);
  print(lines.join("\n").replace(/[^\n\x20-\x7e]/g, "?") + "\n\n");
}
