/** Implementations broken in one known way. */
import type { Runtime } from "../../src/net/mod.ts";
import { ownImplementation } from "../engine/run/implementation.ts";
import type { Implementation } from "../engine/run/implementation.ts";
import { redirectManifest } from "../reference.ts";
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
  const manifest = redirectManifest(
    name,
    on,
    (role) => role === mutant.role ? ["mutant", name, role] : ["run", "redirect", role],
  );
  const judged = judgedRoles(mutant);
  const roles = Object.fromEntries(
    Object.entries(manifest.roles).filter(([role]) => judged.includes(role))
      .map(([role, spec]) => [role, mutant.port ? { ...spec, port: mutant.port } : spec]),
  ) as typeof manifest.roles;
  return ownImplementation(`mutant:${name}`, { ...manifest, roles }, on);
}
