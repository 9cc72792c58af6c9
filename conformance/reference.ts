/** The embedded references as implementations under test. */
import { join } from "node:path";
import type { Runtime } from "../src/net/mod.ts";
import { ownCommand, packageRoot } from "./engine/package.ts";
import type { Manifest } from "./engine/manifest/mod.ts";
import { ownImplementation } from "./engine/run/implementation.ts";
import type { Implementation } from "./engine/run/implementation.ts";

const compileCache = join(packageRoot, "node_modules", ".cache", "steelyard");

/** What starts a role: `run redirect server`, or the same role with one part broken. */
type Starter = (role: string) => readonly string[];

/** Node strips the types of each file at each start; hundreds of starts share the result. */
function environmentOn(on: Runtime): Record<string, string> {
  return on === "node" ? { NODE_COMPILE_CACHE: compileCache } : {};
}

/** The manifest of the redirect system's own programs. */
export function redirectManifest(name: string, on: Runtime, start: Starter): Manifest {
  const run = (role: string, ...args: string[]) => [...ownCommand(on, start(role)), ...args];
  const env = environmentOn(on);
  return {
    name,
    system: "redirect",
    roles: {
      server: {
        run: run(
          "server",
          "--root",
          "{root}",
          "--host",
          "{host}",
          "--port",
          "{port}",
          "--log",
          "none",
        ),
        port: "given",
        env,
      },
      balancer: {
        run: run(
          "balancer",
          "{servers}",
          "--host",
          "{host}",
          "--port",
          "{port}",
          "--interval",
          "{interval}",
        ),
        port: "given",
        env,
      },
      client: { run: run("client", "{url}"), saves: "{basename}", env },
    },
    claims: ["redirect.server.head", "redirect.server.keep-alive"],
  };
}

/** MDALP's own programs, on the addresses and the port that a case gives. */
export function mdalpManifest(name: string, on: Runtime, start: Starter): Manifest {
  const run = (role: string, ...args: string[]) => [...ownCommand(on, start(role)), ...args];
  const env = environmentOn(on);
  const client = run("client", "-a", "{orchestrator}", "-p", "{port}", "-f", "{file}");
  const patience = ["--give-up", "8"];
  return {
    name,
    system: "mdalp",
    roles: {
      client: {
        run: [...client, ...patience],
        modes: { single: [...client, ...patience, "--no-balance", "--server", "{id}"] },
        idle: "warp",
        env,
      },
      orchestrator: {
        run: run("orchestrator", "--host", "{host}", "--limit", "{interval}", "--quiet", "3"),
        port: "given",
        results: { url: "http://{host}:4651/" },
        env,
      },
      receiver: {
        run: run("receiver", "--host", "{host}", "-a", "{orchestrator}"),
        port: "given",
        env,
      },
    },
    group: { start: ["orchestrator", "receiver"], count: { receiver: 3 } },
  };
}

/** The proxy, steered by the state file of a case, and the selector that writes such a file. */
export function proxyManifest(name: string, on: Runtime, start: Starter): Manifest {
  const run = (role: string, ...args: string[]) => [...ownCommand(on, start(role)), ...args];
  const env = environmentOn(on);
  const selector = (kind: string) =>
    run("selector", "{servers}", "--kind", kind, "--state", "{state}", "--seed", "{seed}");
  const place = ["--host", "{host}", "--port", "{port}"];
  const [statistics, quiet] = [["--stats", "1"], ["--log", "none"]];
  return {
    name,
    system: "proxy",
    roles: {
      proxy: {
        run: run("proxy", "--state", "{state}", ...place, ...statistics, ...quiet),
        port: "given",
        env,
      },
      selector: {
        run: selector("random"),
        modes: { random: selector("random"), history: selector("history") },
        idle: "warp",
        env,
      },
    },
    claims: ["proxy.proxy.counts"],
  };
}

const MANIFESTS = {
  redirect: redirectManifest,
  mdalp: mdalpManifest,
  proxy: proxyManifest,
} as const;

/** The manifest of a system's own programs; undefined where there are none. */
export function ownManifest(system: string, name: string, on: Runtime, start: Starter) {
  if (!Object.hasOwn(MANIFESTS, system)) return undefined;
  return MANIFESTS[system as keyof typeof MANIFESTS](name, on, start);
}

/** The reference of a system on a runtime; undefined where there is none. */
export function reference(system: string, on: Runtime): Implementation | undefined {
  const manifest = ownManifest(system, "reference", on, (role) => ["run", system, role]);
  return manifest && ownImplementation("reference", manifest, on);
}
