/** Proxies that do not bear a state file that is missing, empty or garbage. */
import process from "node:process";
import { proxyParts, readState } from "../../src/proxy/mod.ts";
import type { StateRead } from "../../src/proxy/mod.ts";
import { file, STATE_PATH } from "../../src/proxy/strategies/file.ts";
import { proxy } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import { picking, reading } from "./proxy-state.ts";
import type { ForwardingMutant } from "./types.ts";

/** Ends where the file holds something else, as a program does that does not expect it. */
const crashingOnGarbage = reading((path) => () => {
  const found = readState(path);
  if (found.problem === "garbage") process.exit(1);
  return found;
});

/** Ends at a request while the file is missing. */
const crashingWithout = picking((pick, { statePath = STATE_PATH }) => (usable) => {
  if (readState(statePath).problem === "missing") process.exit(1);
  return pick(usable);
});

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

export const fileMissingMutants: readonly ForwardingMutant[] = [
  proxy(
    "file-missing",
    "crash-missing",
    "ends at a request while the file is missing",
    crashingWithout,
  ),
  proxy(
    "file-missing",
    "crash-garbage",
    "ends where the file holds no address",
    crashingOnGarbage,
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
];
