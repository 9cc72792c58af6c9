/** A server of the user's own: `steelyard bench --load URL`. */
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { listeningPorts } from "../../conformance/engine/process/ports.ts";
import { readProcesses } from "../../conformance/engine/process/proc.ts";
import { hostField, parseHttpUrl } from "../../src/http1/mod.ts";
import { startLoadGenerator } from "../load/generator.ts";
import type { SetUp, Workload } from "../model.ts";
import { fetchBody } from "../servers/fetch-body.ts";
import type { Fetched } from "../servers/fetch-body.ts";
import type { Watched } from "../servers/watch.ts";
import { sampleHttp } from "./http-load.ts";
import { besideRuntime } from "./runtimes.ts";

export interface UrlOptions {
  /** Requests at once. */
  readonly connections: number;
  readonly keepAlive: boolean;
  /** Of the right body, lower-case hexadecimal; where it is left out, what comes first is right. */
  readonly sha256: string | undefined;
}

/** A URL whose answer is nothing to measure by. */
export class UrlError extends Error {
  readonly code = "url";
}

/**
 * Asks once for what the body is. Rejects with a UrlError where that is no 200 or not the right body,
 * with an Http1Error for what is no URL or no HTTP, and with a NetError where nothing answers.
 */
export async function urlWorkload(
  given: string,
  { connections, keepAlive, sha256 }: UrlOptions,
): Promise<Workload> {
  const url = await numericUrl(given);
  const authority = hostField(parseHttpUrl(given));
  const body = checked(given, await fetchBody(url, authority), sha256);
  const setUp: SetUp = {
    id: "url",
    group: "a server of your own",
    name: given,
    runtime: "unknown",
    metric: "request-rate",
    balanced: undefined,
    parameters: { bytes: body.bytes, sha256: body.sha256, connections, keepAlive: `${keepAlive}` },
  };
  return {
    name: "load",
    summary: `requests to ${given}`,
    plan: ({ extent }) => ({
      setUps: [setUp],
      comparisons: [],
      leftOut: [],
      rounds: 10,
      windowMs: extent === "quick" ? 1000 : 5000,
    }),
    open(_, options) {
      const generator = startLoadGenerator(options.life, { workers: 1, runtime: besideRuntime() });
      const expect = { kind: "body", sha256: body.sha256, bytes: body.bytes } as const;
      const plan = { url, authority, expect, connections, keepAlive, follow: false };
      const measured = serversAt(url);
      return Promise.resolve({
        sample: (_setUp, forMs, signal) =>
          sampleHttp(generator, { plan, servers: [], measured }, options, forMs, signal),
      });
    },
  };
}

/**
 * The processes of this host that listen there, so that their own limit is known from the load
 * generator's; none where the server is another host's, or another user's.
 */
function serversAt(url: string): Watched[] {
  const { host, port } = parseHttpUrl(url);
  if (!isOwnAddress(host)) return [];
  const watched = { name: url, died: new AbortController().signal };
  return readProcesses()
    .filter(({ pid }) => listeningPorts([pid]).tcp.includes(port))
    .map(({ pid }) => ({ ...watched, pid }));
}

function isOwnAddress(host: string): boolean {
  if (host.startsWith("127.")) return true;
  return Object.values(networkInterfaces()).some((own) =>
    own?.some(({ address }) => address === host)
  );
}

/** With an IPv4 address for a name, so that no request has to look it up. */
async function numericUrl(given: string): Promise<string> {
  const { host, port, target } = parseHttpUrl(given);
  const { address } = await lookup(host, { family: 4 });
  return `http://${hostField({ host: address, port })}${target}`;
}

function checked(url: string, body: Fetched, sha256: string | undefined): Fetched {
  if (body.status !== 200) {
    throw new UrlError(`${url} answers ${body.status} and not 200; give the URL of a file`);
  }
  if (sha256 !== undefined && sha256 !== body.sha256) {
    throw new UrlError(
      `the body of ${url} has SHA-256 ${body.sha256} and not ${sha256}; is it the right file?`,
    );
  }
  return body;
}
