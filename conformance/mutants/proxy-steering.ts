/** Proxies that do not follow the state file, or follow it to some servers only. */
import { statSync } from "node:fs";
import type { Exchange } from "../../src/http1/mod.ts";
import { proxyParts, readState, usageText } from "../../src/proxy/mod.ts";
import type { StateRead, Strategy, Upstream } from "../../src/proxy/mod.ts";
import { file } from "../../src/proxy/strategies/file.ts";
import { keepsByPath } from "./proxy-kept-answers.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { picking, reading } from "./proxy-state.ts";
import type { ForwardingMutant } from "./types.ts";

const CACHE_MS = 3000;

function once(path: string): () => StateRead {
  let found: StateRead | undefined;
  return () => found?.address === undefined ? found = readState(path) : found;
}

function cached(path: string): () => StateRead {
  let found = readState(path);
  let readMs = performance.now();
  return () => {
    if (performance.now() - readMs < CACHE_MS) return found;
    readMs = performance.now();
    return found = readState(path);
  };
}

/** Reads it again when a property of the file is another one. */
const unless = (property: "ino" | "size") => (path: string): () => StateRead => {
  let found: StateRead | undefined;
  let seen: number | undefined;
  return () => {
    const now = statSync(path, { throwIfNoEntry: false })?.[property];
    if (found?.address !== undefined && now === seen) return found;
    seen = now;
    return found = readState(path);
  };
};

/** Waits for a line feed, which not every selector writes. */
const wholeLines = (path: string) => (): StateRead => {
  const found = readState(path);
  if (found.problem !== undefined || found.ended) return found;
  return { problem: "empty", detail: "no line feed" };
};

/** A client's connection keeps the server that its first request had. */
function sticky(): Broken {
  const servers = new WeakMap<Exchange, Upstream>();
  return {
    proxy: {
      relay(context, exchange, target) {
        const pick: Strategy["pick"] = (usable) => {
          const found = servers.get(exchange) ?? context.strategy.pick(usable);
          if (found) servers.set(exchange, found);
          return found;
        };
        return proxyParts.relay({ ...context, strategy: { pick } }, exchange, target);
      },
    },
  };
}

/** Keeps a client's connection, and leaves what comes on it later without an answer. */
function deafAfterFirst(): Broken {
  const answered = new WeakSet<Exchange>();
  return {
    proxy: {
      relay(context, exchange, target) {
        if (answered.has(exchange)) return { start() {} };
        answered.add(exchange);
        return proxyParts.relay(context, exchange, target);
      },
    },
  };
}

/** Takes nothing from the file but listed servers. */
const listedOnly = picking((pick, { listed }) => (usable) => {
  const found = pick(usable);
  return found && listed.includes(found) ? found : undefined;
});

/** The first request for a server that it does not know fails. */
const firstOfNewFails = picking((pick, { listed }) => {
  const known = new Set(listed);
  return (usable) => {
    const found = pick(usable);
    if (!found || known.has(found)) return found;
    known.add(found);
    return undefined;
  };
});

/** A new server is asked nothing for a while. */
const newAfterAWhile = picking((pick, { listed }) => {
  const since = new Map<Upstream, number>();
  let last: Upstream | undefined;
  return (usable) => {
    const found = pick(usable);
    if (!found || listed.includes(found)) return last = found;
    if (!since.has(found)) since.set(found, performance.now());
    const knownMs = performance.now() - (since.get(found) as number);
    return knownMs < CACHE_MS ? last : found;
  };
});

/** Counts for no server but the listed ones. */
function countsListed(): Broken {
  let names: string[] = [];
  return {
    strategy(context) {
      names = context.listed.map(({ name }) => name);
      return file(context);
    },
    usageText: (usage) =>
      usageText({
        ...usage,
        upstreams: usage.upstreams.filter(({ address }) => names.includes(address)),
      }),
  };
}

/** The servers of a case, as a program has them that holds a list. */
const LISTED = { args: ["{servers}"] } as const;

export const steeringMutants: readonly ForwardingMutant[] = [
  proxy(
    "follows-file",
    "reads-once",
    "reads the file once, at the start",
    reading(once),
  ),
  proxy(
    "follows-file",
    "caches",
    "reads the file every 3 s",
    reading(cached),
  ),
  proxy(
    "follows-file",
    "sticky",
    "sends all requests of a client's connection to the server of the first one",
    sticky,
  ),
  proxy(
    "follows-file",
    "keeps-answers",
    "answers a path with the text that it once got for it",
    keepsByPath,
  ),
  proxy(
    "follows-file",
    "deaf-after-first",
    "keeps a client's connection open and answers nothing on it but the first request",
    deafAfterFirst,
  ),
  proxy(
    "follows-file",
    "in-place-unseen",
    "reads the file again when another one is in its place, not when it is written over",
    reading(unless("ino")),
  ),
  proxy(
    "follows-file",
    "same-size-unseen",
    "reads the file again when its size is another one",
    reading(unless("size")),
  ),
  proxy(
    "follows-file",
    "needs-line-feed",
    "takes a file without a line feed at its end for an empty one",
    reading(wholeLines),
  ),
  proxy(
    "new-address",
    "listed-only",
    "sends requests to no server but those that it was started with",
    listedOnly,
    LISTED,
  ),
  proxy(
    "new-address",
    "first-of-new",
    "answers 503 to the first request for a server that it was not started with",
    firstOfNewFails,
    LISTED,
  ),
  proxy(
    "new-address",
    "new-after-a-while",
    "sends requests to a new server 3 s after it was named",
    newAfterAWhile,
    LISTED,
  ),
  proxy(
    "new-address",
    "counts-listed",
    "counts requests for no server but those that it was started with",
    countsListed,
    LISTED,
  ),
];
