/** Implementations broken in one known way. */
import type { Runtime } from "../../src/net/mod.ts";
import { ownImplementation } from "../engine/run/implementation.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { ownManifest } from "../reference.ts";
import { mutantNamed, MUTANTS } from "./list.ts";
import type { Mutant } from "./list.ts";

export function mutantNames(): string[] {
  return MUTANTS.map(({ name }) => name);
}

/** The roles that a mutant is judged in: its own, or all where it breaks what they do together. */
export function judgedRoles({ breaks, role }: Mutant): readonly string[] {
  return breaks.startsWith("redirect.system.") ? ["server", "balancer", "client"] : [role];
}

/** A mutant as an implementation under test; roles that it does not break are the reference's. */
export function mutantImplementation(name: string, on: Runtime): Implementation | undefined {
  const mutant = mutantNamed(name);
  if (!mutant) return undefined;
  const { system, port, args = [] } = mutant;
  const manifest = ownManifest(
    system,
    name,
    on,
    (role) => role === mutant.role ? ["mutant", name, role, ...args] : ["run", system, role],
  );
  if (!manifest) throw new Error(`${name} is a mutant of ${system}, which has no reference`);
  const { group, ...alone } = manifest;
  const together: readonly string[] = group?.start ?? [];
  const grouped = together.includes(mutant.role);
  const needed = [...judgedRoles(mutant), ...grouped ? together : []];
  const roles = Object.fromEntries(
    Object.entries(manifest.roles).filter(([role]) => needed.includes(role))
      .map(([role, spec]) => [role, port ? { ...spec, port } : spec]),
  ) as typeof manifest.roles;
  const own = { ...(grouped ? manifest : alone), roles };
  return ownImplementation(`mutant:${name}`, own, on);
}
