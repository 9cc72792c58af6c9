/** `steelyard run SYSTEM ROLE ...`: a reference role in the foreground. */
import { runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { UsageError } from "./usage.ts";

/** Loaded when they are asked for: a check starts a role hundreds of times. */
type Roles = Readonly<Record<string, () => Promise<RoleCommand>>>;

/** A new system or role is one line here. */
export const RUNNABLE: Readonly<Record<string, Roles>> = {
  redirect: {
    server: async () => (await import("./run-redirect-server.ts")).redirectServerCommand(),
    balancer: async () => (await import("./run-redirect-balancer.ts")).redirectBalancerCommand(),
    client: async () => (await import("./run-redirect-client.ts")).redirectClientCommand(),
  },
  proxy: {
    proxy: async () => (await import("./run-proxy-proxy.ts")).proxyCommand(),
    selector: async () => (await import("./run-proxy-selector.ts")).selectorCommand(),
  },
  mdalp: {
    client: async () => (await import("./run-mdalp-client.ts")).mdalpClientCommand(),
    orchestrator: async () =>
      (await import("./run-mdalp-orchestrator.ts")).mdalpOrchestratorCommand(),
    receiver: async () => (await import("./run-mdalp-receiver.ts")).mdalpReceiverCommand(),
    demo: async () => (await import("./run-mdalp-demo.ts")).mdalpDemoCommand(),
  },
};

/** Takes what stands after `run`; returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const [system, role, ...rest] = argv;
  if (system === undefined || HELP.has(system)) return await printRoles(Object.keys(RUNNABLE));
  const roles = Object.hasOwn(RUNNABLE, system) ? RUNNABLE[system] : undefined;
  if (!roles) throw new UsageError(`no system ${JSON.stringify(system)}; there is ${known()}`);
  if (role !== undefined && HELP.has(role)) return await printRoles([system]);
  const command = role !== undefined && Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (!command) {
    const given = role === undefined ? "no role given" : `no role ${JSON.stringify(role)}`;
    throw new UsageError(`${given}; ${system} has ${Object.keys(roles).join(", ")}`);
  }
  return await runRoleCommand(`run ${system} ${role}`, await command(), rest);
}

const HELP = new Set(["--help", "-h"]);

async function printRoles(systems: readonly string[]): Promise<number> {
  console.log("Usage: steelyard run SYSTEM ROLE [options]; --help after a role explains it\n");
  for (const system of systems) {
    for (const [role, command] of Object.entries(RUNNABLE[system] as Roles)) {
      console.log(`  ${`${system} ${role}`.padEnd(19)} ${(await command()).summary}`);
    }
  }
  return 0;
}

function known(): string {
  return Object.keys(RUNNABLE).join(", ");
}
