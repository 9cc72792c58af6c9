/** What the peers workload is made of: `PART/RUNTIME` or `PART/PEER` names a set-up. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Extent, Metric, Peer, SetUp } from "../model.ts";

export interface Part {
  readonly group: string;
  readonly peers: readonly Peer[];
  readonly metric: Metric;
  /** Requests in flight at once. */
  readonly connections: number;
  readonly bytes: number;
  readonly extents: readonly Extent[];
}

const SMALL = {
  metric: "request-rate",
  connections: 50,
  bytes: 1000,
  extents: ["quick", "full"],
} as const;

export const PARTS = {
  "301": { ...SMALL, group: "a 301 answer", peers: ["nginx", "haproxy"] },
  "file": { ...SMALL, group: "a small file", peers: ["nginx", "python3"] },
  "proxied": { ...SMALL, group: "a proxied small file", peers: ["nginx", "haproxy"] },
  "proxied-large": {
    group: "a 100 MB file proxied",
    peers: ["nginx", "haproxy"],
    metric: "byte-rate",
    connections: 4,
    bytes: 100_000_000,
    extents: ["full"],
  },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;

export const PEER_NAMES: Readonly<Record<Peer, string>> = {
  nginx: "nginx",
  haproxy: "HAProxy",
  python3: "python3 http.server",
};

/** What is measured: ours on a runtime, or a peer. */
export type Who = Runtime | Peer;

export function isPeer(who: Who): who is Peer {
  return Object.hasOwn(PEER_NAMES, who);
}

export function readSetUp({ id }: SetUp): { readonly part: PartName; readonly who: Who } {
  const [part, who] = id.split("/") as [PartName, Who];
  return { part, who };
}
