/** What is measured to lay a published table out again: its own set-ups, in full. */
import type { PublishedSource } from "./mod.ts";

export interface Preset {
  readonly workload: string;
  /** Globs on set-up ids. */
  readonly only: readonly string[];
}

export const PRESETS: Readonly<Record<PublishedSource, Preset>> = {
  // The lab's two servers were equal.
  proxy: {
    workload: "proxy",
    only: ["equal/{none,random-load,history}/*"],
  },
  // The published balanced transfer sent 4 of its 51 packets again.
  mdalp: { workload: "mdalp", only: ["5kB/*/loss-8/*"] },
};
