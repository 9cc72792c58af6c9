/** The servers of the redirect workload. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import { startLoadGenerator } from "../load/generator.ts";
import type { OpenOptions, OpenWorkload, SetUp } from "../model.ts";
import { writeBody } from "../servers/bodies.ts";
import type { Body } from "../servers/bodies.ts";
import { startFileServer } from "../servers/start-file-server.ts";
import type { FileServer } from "../servers/start-file-server.ts";
import { sampleHttp } from "./http-load.ts";
import type { HttpTarget } from "./http-load.ts";
import type { MeasuredServer } from "./own-servers.ts";
import { startBalancer } from "./redirect-balancer.ts";
import { CLIENTS, leastMs, rampMs, readSetUp, SERVERS, SIZES, WAYS } from "./redirect-set-ups.ts";
import type { Way } from "./redirect-set-ups.ts";
import { besideRuntime } from "./runtimes.ts";

/** What the balancer ranks its servers by: so long that no hiccup changes their order. */
const PROBE = { name: "test.bin", bytes: 10_000_000 };

/** What runs on one runtime. */
interface Site {
  readonly files: readonly FileServer[];
  readonly balancers: ReadonlyMap<Way, MeasuredServer>;
}

export async function openRedirect(
  setUps: readonly SetUp[],
  options: OpenOptions,
): Promise<OpenWorkload> {
  const { life, seed, extent } = options;
  const needed = setUps.map(readSetUp);
  const root = join(life.folder, "redirect");
  mkdirSync(root);
  writeBody(root, PROBE.name, PROBE.bytes, seed);
  const sizes = [...new Set(needed.map(({ size }) => size))];
  const bodies = new Map(
    sizes.map((size) => [size, writeBody(root, `${size}.bin`, SIZES[size].bytes, seed)]),
  );
  const generator = startLoadGenerator(life, { workers: 1, runtime: besideRuntime() });
  const sites = await startSites(life, needed, root, seed);
  const targets = new Map(setUps.map((setUp) => {
    const { size, way, runtime } = readSetUp(setUp);
    const { plan, ...rest } = target(sites.get(runtime) as Site, way, bodies.get(size) as Body);
    return [setUp.id, { ...rest, plan: { ...plan, rampMs: rampMs(setUp) } }];
  }));
  return {
    sample(setUp, forMs, signal) {
      const target = targets.get(setUp.id) as HttpTarget;
      // Its queues fill in each sample anew, so a turn is one.
      const durationMs = Math.max(forMs, leastMs(setUp, extent));
      return sampleHttp(generator, target, options, durationMs, signal);
    },
  };
}

async function startSites(
  life: Lifetime,
  needed: readonly { readonly way: Way; readonly runtime: Runtime }[],
  root: string,
  seed: number,
): Promise<Map<Runtime, Site>> {
  const ways = new Map<Runtime, Set<Way>>();
  for (const { way, runtime } of needed) {
    ways.set(runtime, (ways.get(runtime) ?? new Set()).add(way));
  }
  const files = new Map(
    await Promise.all(Array.from(ways, async ([runtime, of]) => {
      const count = Math.max(1, ...Array.from(of, (way) => WAYS[way].servers));
      const starting = SERVERS.slice(0, count).map((server) =>
        startFileServer(life, runtime, { root, ...server })
      );
      return [runtime, await Promise.all(starting)] as const;
    })),
  );
  const sites = new Map<Runtime, Site>();
  const probePath = `/${PROBE.name}`;
  // One after the other: a balancer ranks its servers as it finds them at its start.
  for (const [runtime, of] of ways) {
    const balancers = new Map<Way, MeasuredServer>();
    const servers = files.get(runtime) ?? [];
    for (const way of of) {
      const behind = servers.slice(0, WAYS[way].servers);
      if (behind.length === 0) continue;
      balancers.set(way, await startBalancer(life, { runtime, servers: behind, probePath, seed }));
    }
    sites.set(runtime, { files: servers, balancers });
  }
  return sites;
}

function target({ files, balancers }: Site, way: Way, body: Body): HttpTarget {
  const balancer = balancers.get(way);
  const behind = files.slice(0, Math.max(1, WAYS[way].servers));
  const servers = balancer ? [balancer, ...behind] : behind;
  const { url } = servers[0] as MeasuredServer;
  return {
    plan: {
      url: `${url}/${body.name}`,
      expect: { kind: "body", sha256: body.sha256, bytes: body.bytes },
      connections: CLIENTS,
      keepAlive: false,
      follow: balancer !== undefined,
    },
    servers,
    measured: servers,
  };
}
