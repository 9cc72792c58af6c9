/** Clients that break one rule. */
import { Buffer } from "node:buffer";
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fieldValue, hostField, parseHttpUrl, request } from "../../src/http1/mod.ts";
import type { HttpUrl, ResponseHead } from "../../src/http1/mod.ts";
import { download, downloadParts as parts, fileName, PartialFile } from "../../src/redirect/mod.ts";
import type { DownloadOptions, DownloadParts, Saved } from "../../src/redirect/mod.ts";
import type { ClientMutant } from "./types.ts";

type Run = (options: DownloadOptions) => Promise<Saved | undefined>;

function client(rule: string, name: string, what: string, run: Run): ClientMutant {
  return {
    name: `client-${name}`,
    breaks: `redirect.client.${rule}`,
    what,
    system: "redirect",
    role: "client",
    run,
  };
}

/** The reference with some parts replaced. */
const broken = (change: (options: DownloadOptions) => Partial<DownloadParts>): Run => (options) =>
  download(options, { ...parts, ...change(options) });

/** Ends well and silently where the reference ends with an error of this code. */
const hushing = (...codes: string[]): Run => (options) =>
  download({ ...options, print: (text) => /^HTTP\/1\.. [45]/.test(text) || options.print(text) })
    .catch((error) => {
      if (codes.includes((error as { code: string }).code)) return undefined;
      throw error;
    });

/** Saves what `change` makes of the bytes of files whose names fit. */
const saving = (fits: RegExp, change: (bytes: Buffer, at: number) => Uint8Array): Run =>
  broken(() => ({
    open(folder, name) {
      const file = new PartialFile(folder, name);
      if (!fits.test(name)) return file;
      let at = 0;
      const write = (bytes: Uint8Array) => {
        file.write(change(Buffer.from(bytes), at));
        at += bytes.length;
      };
      return standingFor(file, { write });
    },
  }));

type Open = ReturnType<DownloadParts["open"]>;

function standingFor(file: Open, instead: Partial<Pick<Open, "write" | "keep">>): Open {
  return {
    path: file.path,
    get size() {
      return file.size;
    },
    write: (bytes) => file.write(bytes),
    keep: () => file.keep(),
    discard: () => file.discard(),
    ...instead,
  };
}

/** A file at a path that nobody has looked at. */
function unchecked(folder: string, name: string): Open {
  const path = name.startsWith("/") ? name : join(folder, name);
  const descriptor = openSync(path, "w");
  let size = 0;
  return {
    path,
    get size() {
      return size;
    },
    write: (bytes) => void (size += writeSync(descriptor, bytes)),
    keep: () => closeSync(descriptor),
    discard: () => rmSync(path),
  };
}

/** Answers of the first address that are HTML and have a length are taken for messages. */
function messagesFirst(): Partial<DownloadParts> {
  let message = false;
  return {
    name(first, last, head) {
      const html = fieldValue(head.fields, "content-type")?.startsWith("text/html");
      message = first === last && html === true && head.framing.kind === "length";
      return parts.name(first, last, head);
    },
    open(folder, name) {
      const file = new PartialFile(folder, name);
      return message ? standingFor(file, { keep: () => file.discard() }) : file;
    },
  };
}

function savesErrors(options: DownloadOptions): Partial<DownloadParts> {
  const name = fileName(parseHttpUrl(options.url).target);
  return {
    async fetch(asked, handler) {
      const body: Uint8Array[] = [];
      const head = await request(asked, {
        onHead: (head) => handler.onHead(head),
        onData(bytes) {
          body.push(Buffer.from(bytes));
          handler.onData?.(bytes);
        },
      });
      if (head.status >= 400) writeFileSync(join(options.folder, name), Buffer.concat(body));
      return head;
    },
  };
}

/** The body is what comes in one piece with the head, where the whole is small. */
const onePiece: DownloadParts["fetch"] = (asked, handler) => {
  let open = true;
  let small = false;
  return request(asked, {
    onHead(head) {
      small = head.framing.kind === "length" && head.framing.length < 65536;
      setTimeout(() => open = false, 0);
      handler.onHead(head);
    },
    onData: (bytes) => open || !small ? handler.onData?.(bytes) : undefined,
  });
};

/** A body that ends early is taken as it is. */
const shortIsFine: DownloadParts["fetch"] = async (asked, handler) => {
  let head: ResponseHead | undefined;
  try {
    return await request(asked, {
      ...handler,
      onHead(found) {
        head = found;
        handler.onHead(found);
      },
    });
  } catch (error) {
    if (head && (error as { code: string }).code === "truncated") return head;
    throw error;
  }
};

const needsLength: DownloadParts["fetch"] = (asked, handler) =>
  request(asked, {
    ...handler,
    onHead(head) {
      if (head.framing.kind === "close") throw new Error("the answer has no Content-Length");
      handler.onHead(head);
    },
  });

const isAbsolute = (location: string) => /^http:/i.test(location);

function notBack(base: HttpUrl, location: string): HttpUrl {
  const next = parts.resolve(base, location);
  const back = isAbsolute(location) && next.host === base.host && next.port === base.port;
  if (back) throw new Error("redirected to the address that was asked");
  return next;
}

/** The URL that was given, with the address of another one where that has moved on. */
function keepsTarget(options: DownloadOptions): Partial<DownloadParts> {
  const first = parseHttpUrl(options.url);
  return {
    ask: (url) => parts.ask(url.port === first.port ? url : { ...url, target: first.target }),
  };
}

function keepsHost(options: DownloadOptions): Partial<DownloadParts> {
  const first = parseHttpUrl(options.url);
  return {
    ask: (url) => parts.ask(url).replace(`Host: ${hostField(url)}`, `Host: ${hostField(first)}`),
  };
}

function dispositionName(first: HttpUrl, _last: HttpUrl, head: ResponseHead): string {
  const given = /filename="([^"]+)"/.exec(fieldValue(head.fields, "content-disposition") ?? "");
  return given?.[1] ?? fileName(first.target);
}

const lastPart = (target: string) =>
  decodeURIComponent(target.slice(target.lastIndexOf("/") + 1).split("?")[0] as string);

export const clientMutants: readonly ClientMutant[] = [
  client(
    "follows-301",
    "quiet",
    "follows the 301 without printing it",
    (options) =>
      download({ ...options, print: (text) => /^HTTP\/1\.. 3/.test(text) || options.print(text) }),
  ),
  client(
    "follows-301",
    "not-back",
    "does not follow a redirect to the address that sent it",
    broken(() => ({ resolve: notBack })),
  ),
  client("asks-as-told", "keeps-host", "names the balancer in each Host", broken(keepsHost)),
  client(
    "asks-as-told",
    "keeps-path",
    "asks each server for the path that it was given",
    broken(keepsTarget),
  ),
  client(
    "asks-as-told",
    "no-query",
    "asks without the query",
    broken(() => ({ ask: (url) => parts.ask({ ...url, target: url.target.split("?")[0]! }) })),
  ),
  client(
    "saves-identical",
    "text-mode",
    "turns CR LF into LF in text files",
    saving(
      /\.txt$/,
      (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1"),
    ),
  ),
  client(
    "saves-identical",
    "utf-8",
    "saves binary files as UTF-8",
    saving(/\.bin$/, (bytes) => Buffer.from(bytes.toString("utf8"))),
  ),
  client(
    "saves-identical",
    "one-megabyte",
    "saves only the first megabyte",
    saving(/./, (bytes, at) => bytes.subarray(0, Math.max(0, 1_000_000 - at))),
  ),
  client(
    "saves-identical",
    "no-empty-file",
    "saves no file that is empty",
    broken(() => ({
      open(folder, name) {
        const file = new PartialFile(folder, name);
        return standingFor(file, { keep: () => file.size > 0 ? file.keep() : file.discard() });
      },
    })),
  ),
  client(
    "direct",
    "messages-first",
    "takes a page that comes without a redirect for a message, and saves nothing",
    broken(messagesFirst),
  ),
  client("reports-errors", "silent-status", "says nothing of a 404 or 500", hushing("status")),
  client(
    "reports-errors",
    "silent-refusal",
    "says nothing of a connection that is refused",
    hushing("ECONNREFUSED"),
  ),
  {
    ...client(
      "reports-errors",
      "silent-no-location",
      "says nothing of a missing Location",
      (given) => {
        let text = "";
        return download({ ...given, print: (part) => text += part }).catch((error) => {
          if ((error as { code: string }).code === "no-location") {
            text = "";
            return undefined;
          }
          throw error;
        }).finally(() => given.print(text));
      },
    ),
  },
  client(
    "no-file-on-error",
    "saves-errors",
    "saves the page of a 404 or 500 under the file's name",
    broken(savesErrors),
  ),
  client("no-file-on-error", "opens-first", "makes an empty file before it asks", (options) => {
    writeFileSync(join(options.folder, fileName(parseHttpUrl(options.url).target)), "");
    return download(options);
  }),
  client(
    "bounded-redirects",
    "endless",
    "follows redirects for ever",
    (options) =>
      download({ ...options, maxRedirects: Infinity }, {
        ...parts,
        fetch: async (asked, handler) => {
          await delay(20);
          return await request(asked, handler);
        },
      }),
  ),
  client(
    "bounded-redirects",
    "gives-up-silently",
    "gives a loop up as if all were well",
    hushing("too-many-redirects"),
  ),
  client(
    "relative-location",
    "absolute-only",
    "takes a Location that is no full URL for an error",
    broken(() => ({
      resolve(base, location) {
        if (!isAbsolute(location)) throw new Error("the Location is not a URL");
        return parts.resolve(base, location);
      },
    })),
  ),
  client(
    "relative-location",
    "from-root",
    "takes a Location that is a name at the root",
    broken(() => ({
      resolve: (base, location) =>
        parts.resolve(base, /^(http:|\/)/i.test(location) ? location : `/${location}`),
    })),
  ),
  client(
    "close-delimited",
    "needs-length",
    "takes an answer without Content-Length for an error",
    broken(() => ({ fetch: needsLength })),
  ),
  client(
    "truncated-body",
    "short-is-fine",
    "keeps a body that ended early as if it were whole",
    broken(() => ({ fetch: shortIsFine })),
  ),
  client(
    "fragmented",
    "one-piece",
    "reads no more of a small answer than comes with its head",
    broken(() => ({ fetch: onePiece })),
  ),
  client(
    "stays-in-folder",
    "unescapes-slashes",
    "takes an escaped slash in the URL for a folder",
    broken(() => ({ name: (first) => lastPart(first.target) || "index.html", open: unchecked })),
  ),
  client(
    "stays-in-folder",
    "disposition",
    "writes where Content-Disposition says",
    broken(() => ({ name: dispositionName, open: unchecked })),
  ),
];
