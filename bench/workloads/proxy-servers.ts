/** The servers of the proxy workload. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Lifetime } from "../lifetime.ts";
import { startLoadGenerator } from "../load/generator.ts";
import type { OpenOptions, OpenWorkload, SetUp } from "../model.ts";
import { writeBody } from "../servers/bodies.ts";
import { startFileServer } from "../servers/start-file-server.ts";
import type { FileServer } from "../servers/start-file-server.ts";
import { sampleHttp } from "./http-load.ts";
import type { HttpTarget } from "./http-load.ts";
import { addressOf, startRole } from "./own-servers.ts";
import type { MeasuredServer } from "./own-servers.ts";
import {
  BODY_BYTES,
  CONNECTIONS,
  intervalOf,
  leastMs,
  rampMs,
  readSetUp,
} from "./proxy-set-ups.ts";
import { UPSTREAMS } from "./proxy-set-ups.ts";
import type { Upstreams } from "./proxy-set-ups.ts";
import { besideRuntime } from "./runtimes.ts";

/** The body is small: what takes time is the request. */
const BYTES_PER_SECOND = 1e12;

export async function openProxy(
  setUps: readonly SetUp[],
  options: OpenOptions,
): Promise<OpenWorkload> {
  const { life, seed, extent } = options;
  const root = join(life.folder, "proxied");
  mkdirSync(root);
  const body = writeBody(root, "small.bin", BODY_BYTES, seed);
  const generator = startLoadGenerator(life, { workers: 1, runtime: besideRuntime() });
  const kinds = [...new Set(setUps.map((setUp) => readSetUp(setUp).upstreams))];
  const upstreams = new Map(
    await Promise.all(
      kinds.map(async (kind) => [kind, await startUpstreams(life, root, kind)] as const),
    ),
  );
  const targets = new Map(
    await Promise.all(setUps.map(async (setUp) => {
      const behind = upstreams.get(readSetUp(setUp).upstreams) ?? [];
      const proxy = await startProxy(setUp, behind, options);
      const { sha256, bytes } = body;
      const target: HttpTarget = {
        plan: {
          url: `${proxy.url}/${body.name}`,
          expect: { kind: "body", sha256, bytes },
          connections: CONNECTIONS,
          keepAlive: true,
          follow: false,
          rampMs: rampMs(setUp),
        },
        servers: [proxy, ...behind],
        measured: [proxy],
      };
      return [setUp.id, target] as const;
    })),
  );
  return {
    sample(setUp, forMs, signal) {
      const target = targets.get(setUp.id) as HttpTarget;
      // Its queues fill in each sample anew, so a turn is one.
      const durationMs = Math.max(forMs, leastMs(setUp, extent));
      return sampleHttp(generator, target, options, durationMs, signal);
    },
  };
}

function startUpstreams(life: Lifetime, root: string, kind: Upstreams): Promise<FileServer[]> {
  const { baseMs } = UPSTREAMS[kind];
  return Promise.all(
    Object.entries(baseMs).map(([name, ms]) =>
      startFileServer(life, besideRuntime(), {
        root,
        name,
        baseMs: ms,
        bytesPerSecond: BYTES_PER_SECOND,
      })
    ),
  );
}

function startProxy(
  setUp: SetUp,
  behind: readonly FileServer[],
  { life, seed, extent }: OpenOptions,
): Promise<MeasuredServer> {
  const { order, runtime } = readSetUp(setUp);
  const interval = intervalOf(order, extent);
  return startRole(life, runtime, [
    ...["proxy", "proxy", ...behind.map(addressOf), "--strategy", order.name],
    ...["--seed", `${seed}`],
    ...(interval === undefined ? [] : ["--interval", `${interval}`]),
  ]);
}
