/** Proxies whose usage counts are not what the servers received. */
import { readState, usageText } from "../../src/proxy/mod.ts";
import type { Usage } from "../../src/proxy/mod.ts";
import { STATE_PATH } from "../../src/proxy/strategies/file.ts";
import { proxy, related } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { picking } from "./proxy-state.ts";
import type { ForwardingMutant } from "./types.ts";

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

const NEW_COUNTS = { "new-address": "that a new address is counted is a part of that rule" };

export const countsMutants: readonly ForwardingMutant[] = [
  proxy(
    "counts",
    "counts-twice",
    "counts each request twice",
    countingRows((n) => 2 * n),
    related(NEW_COUNTS),
  ),
  proxy(
    "counts",
    "counts-one-less",
    "does not count the first request of a server",
    countingRows((n) => Math.max(0, n - 1)),
    related(NEW_COUNTS),
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
    related(NEW_COUNTS),
  ),
  proxy(
    "counts",
    "counts-no-server",
    "counts requests without a server for an empty address",
    countsNoServer,
  ),
];
