/** The peers workload, running. */
import { startLoadGenerator } from "../load/generator.ts";
import type { OpenOptions, OpenWorkload, SetUp } from "../model.ts";
import { sampleHttp } from "./http-load.ts";
import type { HttpTarget } from "./http-load.ts";
import type { MeasuredServer } from "./own-servers.ts";
import { startFiles, startProxies, startRedirects } from "./peers-parts.ts";
import type { StartedPart, StartPart } from "./peers-parts.ts";
import { PARTS, readSetUp } from "./peers-set-ups.ts";
import type { PartName, Who } from "./peers-set-ups.ts";
import { besideRuntime } from "./runtimes.ts";

const STARTS: Readonly<Record<PartName, StartPart>> = {
  "301": startRedirects,
  "file": startFiles,
  "proxied": startProxies,
  "proxied-large": startProxies,
};

/** A large file takes so long that a shorter stretch would be its ends. */
const LARGE_MS = 2000;

/** The first requests come all at once. */
const RAMP_MS = 3;

export async function openPeers(
  setUps: readonly SetUp[],
  options: OpenOptions,
): Promise<OpenWorkload> {
  const { life, seed } = options;
  const generator = startLoadGenerator(life, { workers: 1, runtime: besideRuntime() });
  const needed = setUps.map(readSetUp);
  const parts = [...new Set(needed.map(({ part }) => part))];
  const started = new Map(
    await Promise.all(parts.map(async (part) => {
      const who = needed.filter((one) => one.part === part).map((one) => one.who);
      return [part, await STARTS[part](part, who, { life, seed })] as const;
    })),
  );
  return {
    sample(setUp, forMs, signal) {
      const { part, who } = readSetUp(setUp);
      const target = targetOf(started.get(part) as StartedPart, part, who);
      const durationMs = part === "proxied-large" ? Math.max(forMs, LARGE_MS) : forMs;
      return sampleHttp(generator, target, options, durationMs, signal);
    },
  };
}

function targetOf(started: StartedPart, part: PartName, who: Who): HttpTarget {
  const server = started.measured.get(who) as MeasuredServer;
  const { connections } = PARTS[part];
  const url = server.url + started.path;
  return {
    plan: {
      url,
      expect: started.expect,
      connections,
      keepAlive: true,
      follow: false,
      rampMs: RAMP_MS,
    },
    servers: [server, ...started.behind],
    measured: [server],
    oneCore: who === "python3",
  };
}
