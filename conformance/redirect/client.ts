/** Cases for the role client. */
import { lstatSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Case } from "../engine/case.ts";
import { differenceOf } from "../engine/golden/match.ts";
import { goldenCases } from "../engine/golden/load.ts";
import { serveGolden } from "../engine/golden/serve.ts";
import type { Golden } from "../engine/golden/parse.ts";
import { filesBelow, isInside } from "../engine/run/files.ts";
import type { CaseContext, Ended } from "../engine/run/context.ts";
import { fixture } from "../engine/fixtures.ts";

/** How long a client may take for one file. */
const CLIENT_MS = 30_000;
/** For 16 MiB: one that appends each piece to what it has copies a thousand times the file. */
const LARGE_CLIENT_MS = 240_000;
const LARGE = "large.bin";
/** How long a client may take to see that it goes in circles. */
const LOOP_MS = 30_000;

const ERROR_WORDS =
  /error|fail|refus|invalid|missing|not found|unable|cannot|can't|could not|couldn't|exception|traceback|truncat|incomplete|short|closed|abort|reset|unexpected|too many|loop|wrong|problem|sorry|denied|expected|\bno\b|\bnot\b|erro|falha|fehl|erreur|fallo|zu viele|demasiad|inv\u00e1lid|ung\u00fcltig/i;

export function decodedName(path: string): string {
  const name = basename(path.split("?")[0] as string) || "index.html";
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The bytes that the client saved, and under which name; undefined where there is no one file. */
export function savedFile(
  ended: Ended,
  name: string,
): { name: string; bytes: Uint8Array } | undefined {
  const fresh = filesBelow(ended.folder).filter((path) => !ended.before.has(path));
  const wanted = [ended.saves, name].find((path) => path && fresh.includes(path));
  const chosen = wanted ?? (fresh.length === 1 ? fresh[0] : undefined);
  return chosen === undefined
    ? undefined
    : { name: chosen, bytes: readFileSync(join(ended.folder, chosen)) };
}

async function runGolden(context: CaseContext, golden: Golden): Promise<void> {
  const dead = `127.0.0.1:${await context.deadPort()}`;
  const addresses: Record<string, string> = { dead };
  const served = await serveGolden(context, golden, (party) => ({
    texts: { ...addresses, host: party.address },
    servers: addresses.server ? [addresses.server] : [],
    file: fixture,
  }));
  for (const [name, standIn] of served.standIns) addresses[name] = standIn.address;
  const first = golden.steps[0]?.party as string;
  const path = golden.keys.path as string;
  const url = `http://${addresses[first]}${path}`;
  const limitMs = golden.keys.saved === LARGE ? LARGE_CLIENT_MS : CLIENT_MS;
  const ended = await fetchUrl(context, url, limitMs);
  const problem = served.problems()[0];
  if (problem) {
    throw context.failure(problem.message, { ...problem, sent: `${asked(url)}\n${problem.sent}` });
  }
  await judgeEnd(context, golden, url, ended);
}

async function fetchUrl(context: CaseContext, url: string, limitMs = CLIENT_MS): Promise<Ended> {
  const path = new URL(url).pathname;
  const ended = await context.runToEnd("client", { url, basename: decodedName(path) }, limitMs);
  if (ended.endedInTime) return ended;
  throw context.failure(`the client did not end within ${limitMs / 1000} s`, {
    sent: asked(url),
    expected: "it ends",
    actual: printed(context, ended),
  });
}

function judgeEnd(context: CaseContext, golden: Golden, url: string, ended: Ended): Promise<void> {
  const { keys } = golden;
  const name = decodedName(new URL(url).pathname);
  if (keys.prints && !ended.output.includes(keys.prints)) {
    throw context.failure(`the client did not print the ${keys.prints} message`, {
      sent: asked(url),
      expected: `${keys.prints} in what it prints`,
      actual: printed(context, ended),
    });
  }
  if (keys.saved) judgeSaved(context, keys.saved, url, ended, name);
  if (keys.error) judgeError(context, url, ended, errorStatus(golden));
  if (keys["nothing-saved"]) judgeNothingSaved(context, url, ended, name);
  return Promise.resolve();
}

function judgeSaved(context: CaseContext, wanted: string, url: string, ended: Ended, name: string) {
  const saved = savedFile(ended, name);
  const expected = `a file ${JSON.stringify(name)} with the ${
    fixture(wanted).length
  } bytes that were sent`;
  if (!saved) {
    const fresh = filesBelow(ended.folder).filter((path) => !ended.before.has(path));
    const found = fresh.length === 0
      ? "no new file"
      : `new files: ${fresh.join(", ")}; if one of them is it, say so in the manifest: ` +
        '"saves": "..._{basename}"';
    throw context.failure(`the file was not saved: ${found}`, {
      sent: asked(url),
      expected,
      actual: `${found}\n${printed(context, ended)}`,
    });
  }
  const reason = differenceOf(fixture(wanted), saved.bytes);
  if (!reason) return;
  throw context.failure(`the file saved is not the one served: ${reason}`, {
    sent: `${asked(url)}\nanswered 200 with ${fixture(wanted).length} bytes`,
    expected,
    actual: `${saved.name}: ${reason}`,
  });
}

const ERROR_STATUS = /\b[45]\d\d\b/;

/** A redirect is what went wrong only where it leads nowhere; else its 301 is printed anyway. */
function errorStatus({ steps }: Golden): RegExp {
  const head = steps.at(-1)?.alternatives[0]?.head ?? [];
  const nowhere = /^HTTP\S+ 3/.test(head[0] ?? "") &&
    !head.some((line) => /^location:/i.test(line));
  return nowhere ? /\b3\d\d\b/ : ERROR_STATUS;
}

function judgeError(context: CaseContext, url: string, ended: Ended, status = ERROR_STATUS) {
  const says = (ended.exitCode !== 0) || status.test(ended.output.replaceAll(url, "")) ||
    ERROR_WORDS.test(ended.output);
  if (says) return;
  throw context.failure("the client ended with exit code 0 and printed neither status nor error", {
    sent: asked(url),
    expected: "a non-zero exit code, or the status or an error printed",
    actual: `exit code 0\n${printed(context, ended)}`,
  });
}

function judgeNothingSaved(context: CaseContext, url: string, ended: Ended, name: string) {
  const names = new Set([name, ended.saves, basename(new URL(url).pathname)]);
  const left = filesBelow(ended.folder).filter((path) => names.has(path));
  if (left.length === 0) return;
  const size = lstatSync(join(ended.folder, left[0] as string)).size;
  throw context.failure(
    `a file named ${JSON.stringify(left[0])} was left though there was an error`,
    {
      sent: asked(url),
      expected: `no file named ${JSON.stringify(name)}`,
      actual: `${left[0]}, ${size} bytes\n${printed(context, ended)}`,
    },
  );
}

function asked(url: string): string {
  return `started the client with ${url}`;
}

function printed(context: CaseContext, ended: Ended): string {
  const end = ended.exitCode === null ? "killed" : `exit code ${ended.exitCode}`;
  return `${end}; it printed:\n${
    ended.output.trim().slice(0, 2000) || "nothing"
  }\n--- the log:\n${context.log}`;
}

/** A balancer that sends the client in circles over one or two addresses. */
async function redirectLoop(context: CaseContext, length: 1 | 2): Promise<void> {
  const addresses: string[] = [];
  const standIns = await Promise.all(Array.from({ length }, (_, i) =>
    context.standIn({
      name: `balancer ${i + 1}`,
      respond(request) {
        const next = addresses[(i + 1) % length];
        request.connection.send(
          `HTTP/1.1 301 Moved Permanently\r\nLocation: http://${next}/page.html\r\n` +
            "Content-Type: text/html\r\nContent-Length: 14\r\nConnection: close\r\n\r\n<h1>Moved</h1>",
        );
        request.connection.end();
      },
    })));
  addresses.push(...standIns.map((standIn) => standIn.address));
  const url = `http://${addresses[0]}/page.html`;
  const ended = await context.runToEnd("client", { url, basename: "page.html" }, LOOP_MS);
  const asks = standIns.reduce((sum, { requests }) => sum + requests.length, 0);
  const evidence = {
    sent: `${asked(url)}\neach answer is a 301 to the next of ${length} address(es), in a circle`,
    expected: `it gives up with an error within ${LOOP_MS / 1000} s`,
    actual: `${asks} requests came\n${printed(context, ended)}`,
  };
  if (!ended.endedInTime) {
    throw context.failure(`it was still following after ${asks} redirects`, evidence);
  }
  if (ended.exitCode !== 0 || ERROR_WORDS.test(ended.output)) return;
  throw context.failure("it ended as if all were well", evidence);
}

/** A connection that is refused at the first address. */
async function refused(context: CaseContext): Promise<void> {
  const url = `http://127.0.0.1:${await context.deadPort()}/page.html`;
  judgeError(context, url, await fetchUrl(context, url));
}

interface Escape {
  readonly variant: string;
  readonly title: string;
  /** The path of the URL that the client is given. */
  readonly path: string;
  /** Where it is sent on to; none for a 200 at once. */
  readonly location?: string;
  readonly field?: (folder: string) => string;
}

const ESCAPES: readonly Escape[] = [
  {
    variant: "dots",
    title: "Dots in the URL do not lead out of the folder",
    path: "/../escaped.txt",
  },
  {
    variant: "escaped-slashes",
    title: "Escaped slashes in the URL do not lead out of the folder",
    path: "/..%2fescaped.txt",
  },
  {
    variant: "location",
    title: "Escaped slashes in a Location do not lead out of the folder",
    path: "/page.html",
    location: "/%2e%2e%2fescaped.txt",
  },
  {
    variant: "disposition",
    title: "A file name in a header does not lead out of the folder",
    path: "/page.html",
    field: () => 'Content-Disposition: attachment; filename="../escaped.txt"',
  },
  {
    variant: "absolute-disposition",
    title: "An absolute path in a header is not written to",
    path: "/page.html",
    field: (folder) => `Content-Disposition: attachment; filename="${folder}/escaped.txt"`,
  },
];

async function staysInFolder(context: CaseContext, escape: Escape): Promise<void> {
  const body = "This must not be written outside.";
  const server = await context.standIn({
    name: "server",
    respond(request) {
      const first = server.requests.length === 1 && escape.location !== undefined;
      const field = escape.field ? `${escape.field(context.folder)}\r\n` : "";
      request.connection.send(
        first
          ? `HTTP/1.1 301 Moved Permanently\r\nLocation: http://${server.address}${escape.location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
          : `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${field}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      request.connection.end();
    },
  });
  const url = `http://${server.address}${escape.path}`;
  const ended = await context.runToEnd("client", { url, basename: "escaped.txt" }, CLIENT_MS);
  const escaped = filesBelow(context.folder).filter((path) =>
    path.includes("escaped") && !isInside(ended.folder, join(context.folder, path))
  );
  if (escaped.length === 0) return;
  throw context.failure(`the client wrote outside its folder: ${escaped.join(", ")}`, {
    sent: `${asked(url)}\nanswered with ${escape.location ?? escape.field?.("FOLDER") ?? "200"}`,
    expected: "no file outside the folder that the client runs in",
    actual: `${escaped.join("\n")}\n${printed(context, ended)}`,
  });
}

export const clientCases: readonly Case[] = [
  ...goldenCases("redirect", "client", runGolden).map((one): Case =>
    one.id.endsWith("/large") ? { ...one, limitMs: LARGE_CLIENT_MS + 30_000 } : one
  ),
  {
    id: "redirect.client.reports-errors/refused",
    rule: "redirect.client.reports-errors",
    title: "A connection that is refused is reported",
    run: refused,
  },
  ...([1, 2] as const).map((length): Case => ({
    id: `redirect.client.bounded-redirects/${length === 1 ? "to-itself" : "between-two"}`,
    rule: "redirect.client.bounded-redirects",
    title: length === 1
      ? "A redirect to itself ends with an error"
      : "Two addresses that redirect to each other end with an error",
    run: (context) => redirectLoop(context, length),
  })),
  ...ESCAPES.map((escape): Case => ({
    id: `redirect.client.stays-in-folder/${escape.variant}`,
    rule: "redirect.client.stays-in-folder",
    title: escape.title,
    run: (context) => staysInFolder(context, escape),
  })),
];
