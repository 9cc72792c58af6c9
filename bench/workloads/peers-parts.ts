/** The servers of each part of the peers workload. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Runtime } from "../../src/net/mod.ts";
import { ProgramError } from "../lifetime.ts";
import type { Lifetime } from "../lifetime.ts";
import type { Expectation } from "../load/plan.ts";
import type { OpenOptions, Peer } from "../model.ts";
import { startHaproxyProxy, startNginxProxy } from "../peers/proxies.ts";
import { startHaproxy, startNginx, startPython } from "../peers/servers.ts";
import type { Server } from "../peers/servers.ts";
import { onPath } from "../peers/tools.ts";
import { writeBody } from "../servers/bodies.ts";
import type { Body } from "../servers/bodies.ts";
import { addressOf, measuredServer, startRole } from "./own-servers.ts";
import type { MeasuredServer } from "./own-servers.ts";
import { isPeer, PARTS } from "./peers-set-ups.ts";
import type { PartName, Who } from "./peers-set-ups.ts";
import { besideRuntime } from "./runtimes.ts";

export interface StartedPart {
  readonly measured: ReadonlyMap<Who, MeasuredServer>;
  /** What stands behind all of them. */
  readonly behind: readonly MeasuredServer[];
  readonly path: string;
  readonly expect: Expectation;
}

export type StartPart = (
  part: PartName,
  who: readonly Who[],
  options: Pick<OpenOptions, "life" | "seed">,
) => Promise<StartedPart>;

/** As many as the assignment's example has. */
const UPSTREAMS = 3;
/** A performance test during a measurement would change what is measured. */
const INTERVAL_S = 86_400;

export const startRedirects: StartPart = async (part, who, { life, seed }) => {
  const root = newFolder(life, part);
  const { name } = writeBody(root, "test.html", PARTS[part].bytes, seed);
  // Only tested by the balancers at their start: nobody follows a 301 here.
  const upstreams = await startUpstreams(() => startOwnFiles(life, root));
  const addresses = upstreams.map(addressOf);
  const options = ["--interval", `${INTERVAL_S}`, "--seed", `${seed}`];
  const role = ["redirect", "balancer", ...addresses, ...options];
  const target = `http://${addresses[0]}`;
  const measured = await startEach(who, (on) => startRole(life, on, role), {
    nginx: () => startNginx(life, `return 301 ${target}$request_uri;`),
    haproxy: () => startHaproxy(life, [`http-request redirect prefix ${target} code 301`]),
  });
  const locations = addresses.map((address) => `http://${address}/${name}`);
  return { measured, behind: [], path: `/${name}`, expect: { kind: "redirect", locations } };
};

export const startFiles: StartPart = async (part, who, { life, seed }) => {
  const root = newFolder(life, part);
  const body = writeBody(root, "file.bin", PARTS[part].bytes, seed);
  const role = ["redirect", "server", "--root", root];
  const measured = await startEach(who, (on) => startRole(life, on, role), {
    nginx: () => startNginx(life, `root ${root};`),
    python3: () => startPython(life, root),
  });
  return { measured, behind: [], path: `/${body.name}`, expect: expectationOf(body) };
};

export const startProxies: StartPart = async (part, who, { life, seed }) => {
  const root = newFolder(life, part);
  const body = writeBody(root, "file.bin", PARTS[part].bytes, seed);
  // The fastest that there is, so that the proxy is what is measured.
  const behind = await startUpstreams(async () =>
    onPath("nginx")
      ? measuredServer(await startNginx(life, `root ${root};`))
      : await startOwnFiles(life, root)
  );
  const addresses = behind.map(addressOf);
  const role = ["proxy", "proxy", ...addresses, "--strategy", "round-robin"];
  const measured = await startEach(who, (on) => startRole(life, on, role), {
    nginx: () => startNginxProxy(life, addresses),
    haproxy: () => startHaproxyProxy(life, addresses),
  });
  return { measured, behind, path: `/${body.name}`, expect: expectationOf(body) };
};

function startUpstreams(start: () => Promise<MeasuredServer>): Promise<MeasuredServer[]> {
  return Promise.all(Array.from({ length: UPSTREAMS }, start));
}

function startOwnFiles(life: Lifetime, root: string): Promise<MeasuredServer> {
  return startRole(life, besideRuntime(), ["redirect", "server", "--root", root]);
}

/** All at once. */
async function startEach(
  who: readonly Who[],
  own: (on: Runtime) => Promise<MeasuredServer>,
  peers: Readonly<Partial<Record<Peer, () => Promise<Server>>>>,
): Promise<Map<Who, MeasuredServer>> {
  const start = async (one: Who) => {
    if (!isPeer(one)) return await own(one);
    const peer = peers[one];
    if (!peer) throw new ProgramError(`${one} has no part in this`);
    return measuredServer(await peer());
  };
  return new Map(await Promise.all(who.map(async (one) => [one, await start(one)] as const)));
}

function expectationOf({ sha256, bytes }: Body): Expectation {
  return { kind: "body", sha256, bytes };
}

function newFolder(life: Lifetime, part: PartName): string {
  const folder = join(life.folder, part);
  mkdirSync(folder);
  return folder;
}
