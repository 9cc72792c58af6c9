/** Proxies that read the state file wrongly, or count wrongly. */
import { statSync } from "node:fs";
import process from "node:process";
import type { Exchange } from "../../src/http1/mod.ts";
import { proxyParts, readState, usageText } from "../../src/proxy/mod.ts";
import type { StateRead, Strategy, StrategyContext, Upstream, Usage } from "../../src/proxy/mod.ts";
import { file, STATE_PATH } from "../../src/proxy/strategies/file.ts";
import { watchStateParts } from "../../src/proxy/watch-state.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import type { ForwardingMutant } from "./types.ts";

const CACHE_MS = 3000;

/** Another way to read the file; `read` is the reference's. */
const reading = (make: (path: string) => () => StateRead) => (): Broken => ({
  strategy(context) {
    const read = make(context.statePath ?? STATE_PATH);
    return file(context, { ...watchStateParts, read });
  },
});

/** Another choice than the file's. */
const picking =
  (make: (pick: Strategy["pick"], context: StrategyContext) => Strategy["pick"]) => (): Broken => ({
    strategy(context) {
      const kept = file(context);
      return { ...kept, pick: make(kept.pick, context) };
    },
  });

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

/** Ends where the file has this problem, as a program does that does not expect it. */
const crashing = (problems: readonly string[]) =>
  reading((path) => () => {
    const found = readState(path);
    if (found.problem !== undefined && problems.includes(found.problem)) process.exit(1);
    return found;
  });

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

const counting = (change: (usage: Usage) => Usage) => (): Broken => ({
  usageText: (usage) => usageText(change(usage)),
});

const countingRows = (change: (requests: number, row: number) => number) =>
  counting((usage) => ({
    ...usage,
    upstreams: usage.upstreams.map((upstream, i) => ({
      ...upstream,
      requests: change(upstream.requests, i),
    })),
  }));

/** Takes an empty file for an empty address, which it counts. */
function countsNoServer(): Broken {
  let unserved = 0;
  return {
    ...picking((pick, { statePath = STATE_PATH }) => (usable) => {
      if (readState(statePath).problem !== "empty") return pick(usable);
      unserved++;
      return undefined;
    })(),
    usageText: (usage) =>
      usageText(usage).replace(/(?<=Stats ===\n)/, unserved > 0 ? `: ${unserved} requests\n` : ""),
  };
}

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

const POLL_MS = 50;

/** Holds a request up for as long as the file is empty. */
function waitsForContent(): Broken {
  let path = STATE_PATH;
  return {
    strategy(context) {
      path = context.statePath ?? STATE_PATH;
      return file(context);
    },
    proxy: {
      relay(...course) {
        const relay = proxyParts.relay(...course);
        const start = () => {
          if (readState(path).problem === "empty") setTimeout(start, POLL_MS);
          else relay.start();
        };
        return { start };
      },
    },
  };
}

/** Once the file was bad it is not read again. */
function givesUp(path: string): () => StateRead {
  let bad: StateRead | undefined;
  return () => {
    if (bad) return bad;
    const found = readState(path);
    if (found.problem !== undefined) bad = found;
    return found;
  };
}

/** The answer where no server is selected. */
const withoutServer = (head: string) => (): Broken => ({
  proxy: {
    failureAnswer: (failure, options) => {
      const answer = proxyParts.failureAnswer(failure, options);
      return failure.status === 503 ? answer.replace(/^[^\r]*/, `HTTP/1.1 ${head}`) : answer;
    },
  },
});

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
  proxy("file-missing", "crash-missing", "ends where the file is missing", crashing(["missing"])),
  proxy(
    "file-missing",
    "crash-garbage",
    "ends where the file holds no address",
    crashing(["garbage"]),
  ),
  proxy(
    "file-missing",
    "waits-for-content",
    "holds requests up for as long as the file is empty",
    waitsForContent,
  ),
  proxy(
    "file-missing",
    "gives-up",
    "never reads the file again once it was missing, empty or garbage",
    reading(givesUp),
  ),
  proxy(
    "file-missing",
    "200-for-missing",
    "answers 200 with an error text where no server is named",
    withoutServer("200 OK"),
  ),
  proxy(
    "file-missing",
    "500-for-missing",
    "answers 500 where no server is named",
    withoutServer("500 Internal Server Error"),
  ),
  proxy("counts", "counts-twice", "counts each request twice", countingRows((n) => 2 * n)),
  proxy(
    "counts",
    "counts-one-less",
    "does not count the first request of a server",
    countingRows((n) => Math.max(0, n - 1)),
  ),
  proxy(
    "counts",
    "counts-all-as-first",
    "counts all requests for the first server",
    counting((usage) => ({
      ...usage,
      upstreams: usage.upstreams.map((upstream, i) => ({
        ...upstream,
        requests: i === 0 ? usage.requests : 0,
      })),
    })),
  ),
  proxy(
    "counts",
    "counts-no-server",
    "counts requests without a server for an empty address",
    countsNoServer,
  ),
];
