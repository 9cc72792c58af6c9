/** `steelyard run SYSTEM ROLE ...`: a reference role in the foreground. */
import { mdalpClientCommand } from "./run-mdalp-client.ts";
import { mdalpDemoCommand } from "./run-mdalp-demo.ts";
import { mdalpOrchestratorCommand } from "./run-mdalp-orchestrator.ts";
import { mdalpReceiverCommand } from "./run-mdalp-receiver.ts";
import { redirectBalancerCommand } from "./run-redirect-balancer.ts";
import { redirectClientCommand } from "./run-redirect-client.ts";
import { redirectServerCommand } from "./run-redirect-server.ts";
import { runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { UsageError } from "./usage.ts";

type Roles = Readonly<Record<string, () => RoleCommand>>;

/** A new system or role is one line here. */
export const RUNNABLE: Readonly<Record<string, Roles>> = {
  redirect: {
    server: redirectServerCommand,
    balancer: redirectBalancerCommand,
    client: redirectClientCommand,
  },
  mdalp: {
    client: mdalpClientCommand,
    orchestrator: mdalpOrchestratorCommand,
    receiver: mdalpReceiverCommand,
    demo: mdalpDemoCommand,
  },
};

/** Takes what stands after `run`; returns the exit code. */
export function run(argv: readonly string[]): Promise<number> {
  const [system, role, ...rest] = argv;
  if (system === undefined || system === "--help" || system === "-h") {
    return Promise.resolve(printRoles());
  }
  const roles = Object.hasOwn(RUNNABLE, system) ? RUNNABLE[system] : undefined;
  if (!roles) throw new UsageError(`no system ${JSON.stringify(system)}; there is ${known()}`);
  const command = role !== undefined && Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (!command) {
    const given = role === undefined ? "no role given" : `no role ${JSON.stringify(role)}`;
    throw new UsageError(`${given}; ${system} has ${Object.keys(roles).join(", ")}`);
  }
  return runRoleCommand(`run ${system} ${role}`, command(), rest);
}

function printRoles(): number {
  console.log("Usage: steelyard run SYSTEM ROLE [options]; --help after a role explains it\n");
  for (const [system, roles] of Object.entries(RUNNABLE)) {
    for (const [role, command] of Object.entries(roles)) {
      console.log(`  ${system} ${role.padEnd(12)} ${command().summary}`);
    }
  }
  return 0;
}

function known(): string {
  return Object.keys(RUNNABLE).join(", ");
}
