/** `steelyard mutant NAME ROLE ...`: a role broken in one known way, started as `run` starts it. */
import { findMutant } from "../../conformance/mutants/find.ts";
import { UsageError } from "./usage.ts";

/** Takes what stands after `mutant`; returns the exit code. */
export async function mutantCommand(argv: readonly string[]): Promise<number> {
  const [name = "", role, ...args] = argv;
  const mutant = await findMutant(name);
  if (!mutant) throw new UsageError(`no mutant ${JSON.stringify(name)}`);
  if (role !== mutant.role) {
    throw new UsageError(`${name} is a ${mutant.role}, not a ${JSON.stringify(role)}`);
  }
  // The roles of another system would only cost time: a check starts mutants hundreds of times.
  switch (mutant.system) {
    case "redirect":
      return await (await import("./mutant-redirect.ts")).runRedirectMutant(mutant, args);
    case "mdalp":
      return await (await import("./mutant-mdalp.ts")).runMdalpMutant(mutant, args);
    case "proxy":
      return await (await import("./mutant-proxy.ts")).runProxyMutant(mutant, args);
  }
}
