/** Follows a state file: told by the system, and looked at now and then where the system tells nothing. */
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import type { Log } from "../redirect/mod.ts";
import { every } from "./every.ts";
import { readState } from "./state-file.ts";
import type { StateRead } from "./state-file.ts";

/** Where no event comes (network file systems, a folder that is made later) this one finds it. */
const LOOK_MS = 250;

/** An address whose line has not ended may be half of one; it counts if it is still so afterwards. */
export const SETTLE_MS = 50;

export interface WatchStateOptions {
  readonly log: Log;
}

export interface WatchStateParts {
  read: (path: string) => StateRead;
  /** Reports that something happened in a folder, or a file there; returns how to stop. */
  watchFolder: (folder: string, onEvent: (name: string | null) => void) => () => void;
}

export const watchStateParts: WatchStateParts = { read: readState, watchFolder };

export interface StateWatch {
  /** Leaves no watcher and no timer behind. */
  close(): void;
}

/**
 * Calls back with the address in a state file: before it returns where there is one, and whenever
 * another is found. A file that is missing, empty or holds something else keeps the last address and
 * is logged once, until it is right again.
 */
export function watchState(
  path: string,
  onAddress: (address: string) => void,
  { log }: WatchStateOptions,
  parts: WatchStateParts = watchStateParts,
): StateWatch {
  let current: string | undefined;
  let told: string | undefined;
  let unsettled: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const forget = () => {
    clearTimeout(timer);
    unsettled = undefined;
  };
  const accept = (address: string) => {
    forget();
    told = undefined;
    if (address === current) return;
    current = address;
    log("state", { path, address });
    onAddress(address);
  };
  const look = () => {
    const found = parts.read(path);
    if (found.address === undefined) {
      forget();
      if (told !== found.problem) {
        log("state-problem", { path, problem: found.problem, detail: found.detail });
      }
      told = found.problem;
    } else if (found.ended || found.address === current) accept(found.address);
    else if (found.address !== unsettled) settle(found.address);
  };
  const settle = (address: string) => {
    clearTimeout(timer);
    unsettled = address;
    timer = setTimeout(() => {
      const found = parts.read(path);
      if (found.address === address) accept(address);
      else {
        forget();
        look();
      }
    }, SETTLE_MS);
  };

  // From here on nothing is missed; what was there before is read now.
  const name = basename(path);
  const unwatch = parts.watchFolder(dirname(path), (of) => {
    if (of === null || of === name) look();
  });
  const first = settled(parts.read, path);
  if (first !== undefined) accept(first);
  else look();
  const stop = every(LOOK_MS, look);
  return {
    close() {
      unwatch();
      stop();
      forget();
    },
  };
}

/** The address that is there at the start; waits where its line has not ended and it is new. */
function settled(read: (path: string) => StateRead, path: string): string | undefined {
  const found = read(path);
  if (found.address === undefined || found.ended) return found.address;
  const ageMs = Math.max(0, Date.now() - found.changedMs);
  if (ageMs >= SETTLE_MS) return found.address;
  // The first request is to know its server: this once the whole program waits.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS - ageMs);
  const again = read(path);
  return again.address === found.address ? found.address : undefined;
}

function watchFolder(folder: string, onEvent: (name: string | null) => void): () => void {
  let watcher: FSWatcher | undefined;
  const stop = () => {
    watcher?.close();
    watcher = undefined;
  };
  try {
    watcher = watch(folder, (_, name) => watcher && onEvent(name));
    // No such folder, or no more watches to be had: the looks find what changes.
    watcher.on("error", stop);
  } catch {
    stop();
  }
  return stop;
}
