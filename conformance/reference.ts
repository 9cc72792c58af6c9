/** The embedded references as implementations under test. */
import type { Runtime } from "../src/net/mod.ts";
import { ownCommand } from "./engine/package.ts";
import type { Manifest } from "./engine/manifest/mod.ts";
import { ownImplementation } from "./engine/run/implementation.ts";
import type { Implementation } from "./engine/run/implementation.ts";

/** What starts a role: `run redirect server`, or the same role with one part broken. */
type Starter = (role: string) => readonly string[];

/** The manifest of the redirect system's own programs. */
export function redirectManifest(name: string, on: Runtime, start: Starter): Manifest {
  const run = (role: string, ...args: string[]) => [...ownCommand(on, start(role)), ...args];
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
      },
      client: { run: run("client", "{url}"), saves: "{basename}" },
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
