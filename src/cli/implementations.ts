/** From what the command line names to implementations under test. */
import { existsSync } from "node:fs";
import type { Runtime } from "../net/mod.ts";
import { loadImplementation } from "../../conformance/engine/run/implementation.ts";
import type { Implementation } from "../../conformance/engine/run/implementation.ts";
import { mutantImplementation, mutantNames } from "../../conformance/mutants/mod.ts";
import { missingPrograms, peerManifestPath, peerNames } from "../../conformance/peers/peers.ts";
import { reference } from "../../conformance/reference.ts";
import { allCases, allRules, SUITES } from "../../conformance/suites.ts";
import { nearest } from "../../conformance/engine/manifest/mod.ts";
import { UsageError } from "./usage.ts";

/** The implementations that a name stands for: `reference` is one for each system that has a suite. */
export async function resolveImplementations(
  given: readonly string[],
  options: { readonly on: Runtime; readonly system: string | undefined },
): Promise<Implementation[]> {
  const names = given.length > 0 ? given : [existsSync("steelyard.json") ? "." : "reference"];
  const found: Implementation[] = [];
  for (const name of names) found.push(...await resolveOne(name, options));
  return found;
}

async function resolveOne(
  name: string,
  { on, system }: { readonly on: Runtime; readonly system: string | undefined },
): Promise<Implementation[]> {
  if (name === "reference") {
    return SUITES.filter((suite) => system === undefined || suite.system === system)
      .map((suite) => reference(suite.system, on))
      .filter((one) => one !== undefined);
  }
  if (name.startsWith("mutant:")) {
    const found = mutantImplementation(name.slice("mutant:".length), on);
    if (found) return [found];
    throw unknown(name, "mutant", mutantNames());
  }
  const known = {
    ruleIds: allRules().map(({ id }) => id),
    caseIds: allCases().map(({ id }) => id),
  };
  if (name.startsWith("peer:")) {
    const peer = name.slice("peer:".length);
    if (!peerNames().includes(peer)) throw unknown(name, "peer", peerNames());
    const loaded = await loadImplementation(peerManifestPath(peer), known, system);
    const missing = missingPrograms(loaded.manifest);
    if (missing.length > 0) {
      throw new UsageError(`${name} needs ${missing.join(", ")}, which this machine has not`);
    }
    return [{ ...loaded, given: name }];
  }
  return [await loadImplementation(name, known, system)];
}

function unknown(name: string, kind: string, names: readonly string[]): UsageError {
  const near = nearest(name.slice(kind.length + 1), [...names]);
  const hint = near ? `did you mean ${kind}:${near}?` : `there is ${names.join(", ")}`;
  return new UsageError(`no ${kind} ${JSON.stringify(name)}; ${hint}`);
}
