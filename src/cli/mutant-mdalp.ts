/** A role of MDALP broken in one known way: the command of `run` with another part. */
import type { MdalpMutant } from "../../conformance/mutants/types.ts";
import { runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";

/** Returns the exit code. */
export async function runMdalpMutant(
  mutant: MdalpMutant,
  args: readonly string[],
): Promise<number> {
  const { name, role } = mutant;
  return await runRoleCommand(`mutant ${name} ${role}`, await commandOf(mutant), args);
}

/** Each role is loaded alone, as `run` does. */
async function commandOf(mutant: MdalpMutant): Promise<RoleCommand> {
  switch (mutant.role) {
    case "client":
      return (await import("./run-mdalp-client.ts")).mdalpClientCommand(mutant.send);
    case "orchestrator":
      return (await import("./run-mdalp-orchestrator.ts")).mdalpOrchestratorCommand(mutant.start);
    case "receiver":
      return (await import("./run-mdalp-receiver.ts")).mdalpReceiverCommand(mutant.start);
  }
}
