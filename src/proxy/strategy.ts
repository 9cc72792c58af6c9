/** What chooses the server of each request. One file each in `strategies/`, one line each in the list. */
import type { Upstream } from "./upstream.ts";

export interface Strategy {
  /**
   * The server for the next request; undefined where there is none. `usable` are the listed servers
   * that do not rest after a failure and that this request has not tried, at least one where any is
   * left to be tried. A strategy that is told its server from outside may disregard them: a server
   * that this request has tried already ends it with an error.
   */
  pick(usable: readonly Upstream[]): Upstream | undefined;
  /** The head of an answer came so many milliseconds after its request was sent. */
  answered?(upstream: Upstream, latencyMs: number): void;
  /** Stops timers and watchers. */
  close?(): void;
}
