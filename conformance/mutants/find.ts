/** One mutant without those of other systems, and without the suite: a check starts it a hundred times. */
import type { Mutant } from "./types.ts";

/** A new system is one line here, and begins the names of its mutants with its own. */
const BY_PREFIX: Readonly<Record<string, () => Promise<readonly Mutant[]>>> = {
  "mdalp-": async () => (await import("./mdalp.ts")).mdalpMutants,
  "proxy-": async () => (await import("./proxy.ts")).proxyMutants,
};

async function redirect(): Promise<readonly Mutant[]> {
  return (await import("./redirect.ts")).redirectMutants;
}

/** Undefined where there is none of that name. */
export async function findMutant(name: string): Promise<Mutant | undefined> {
  const prefix = Object.keys(BY_PREFIX).find((prefix) => name.startsWith(prefix));
  const mutants = await (prefix ? BY_PREFIX[prefix] as typeof redirect : redirect)();
  return mutants.find((mutant) => mutant.name === name);
}
