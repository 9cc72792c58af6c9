/** A role of MDALP broken in one known way: the command of `run` with another part. */
import type { MdalpMutant } from "../../conformance/mutants/types.ts";
import { runRoleCommand } from "./role-command.ts";
import { mdalpClientCommand } from "./run-mdalp-client.ts";

/** Returns the exit code. */
export function runMdalpMutant(mutant: MdalpMutant, args: readonly string[]): Promise<number> {
  const { name, role } = mutant;
  return runRoleCommand(`mutant ${name} ${role}`, mdalpClientCommand(mutant.send), args);
}
