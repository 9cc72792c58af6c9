/** A role of the proxy system broken in one known way: the command of `run` with another part. */
import type { ProxyMutant } from "../../conformance/mutants/types.ts";
import { selectorParts } from "../proxy/mod.ts";
import { runRoleCommand } from "./role-command.ts";
import type { RoleCommand } from "./role-command.ts";
import { proxyCommand, proxyCommandParts } from "./run-proxy-proxy.ts";
import { selectorCommand } from "./run-proxy-selector.ts";

/** Returns the exit code. */
export async function runProxyMutant(
  mutant: ProxyMutant,
  args: readonly string[],
): Promise<number> {
  const { name, role } = mutant;
  return await runRoleCommand(`mutant ${name} ${role}`, commandOf(mutant), args);
}

function commandOf(mutant: ProxyMutant): RoleCommand {
  switch (mutant.role) {
    case "proxy":
      return proxyCommand({ ...proxyCommandParts, ...mutant.parts() });
    case "selector":
      return selectorCommand({ ...selectorParts, ...mutant.parts() });
  }
}
