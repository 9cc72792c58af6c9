/** The golden traces of a role, as cases. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../case.ts";
import { packageRoot } from "../package.ts";
import type { CaseContext } from "../run/context.ts";
import { parseTrace } from "./parse-trace.ts";
import type { TraceGolden } from "./parse-trace.ts";
import { GoldenError } from "./parse.ts";

/** Reads all golden traces of one role, in the order of their names. Throws a GoldenError. */
export function loadTraces(system: string, role: string): TraceGolden[] {
  const folder = join("golden", system, role);
  const files = readdirSync(join(packageRoot, folder)).filter((name) => name.endsWith(".trace"));
  return files.sort().map((name) => {
    const path = join(folder, name);
    const golden = parseTrace(path, readFileSync(join(packageRoot, path), "utf8"));
    const expected = `${golden.keys.id?.split(".").slice(2).join(".").replace("/", ".")}.trace`;
    if (expected !== name) {
      throw new GoldenError(`${path}: holds ${golden.keys.id}, so it is ${expected}`);
    }
    return golden;
  });
}

/** A case for each golden trace of a role. */
export function traceCases(
  system: string,
  role: string,
  run: (context: CaseContext, golden: TraceGolden) => Promise<void>,
): Case[] {
  return loadTraces(system, role).map((golden) => {
    const id = golden.keys.id as string;
    return {
      id,
      rule: id.split("/")[0] as string,
      title: golden.title,
      golden: golden.path,
      run: (context) => run(context, golden),
    };
  });
}
