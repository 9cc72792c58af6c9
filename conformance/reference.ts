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

/** The manifest of the redirect system's own programs. */
export function redirectManifest(name: string, on: Runtime, start: Starter): Manifest {
  const run = (role: string, ...args: string[]) => [...ownCommand(on, start(role)), ...args];
  // Node strips the types of each file at each start; hundreds of starts share the result.
  const env: Record<string, string> = on === "node" ? { NODE_COMPILE_CACHE: compileCache } : {};
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

/** The reference of a system on a runtime; undefined where there is none. */
export function reference(system: string, on: Runtime): Implementation | undefined {
  if (system !== "redirect") return undefined;
  const manifest = redirectManifest("reference", on, (role) => ["run", "redirect", role]);
  return ownImplementation("reference", manifest, on);
}
