/** The golden files of a role, as cases. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../case.ts";
import { packageRoot } from "../package.ts";
import type { CaseContext } from "../run/context.ts";
import { GoldenError, parseGolden } from "./parse.ts";
import type { Golden } from "./parse.ts";

/** Reads all goldens of one role, in the order of their names. Throws a GoldenError. */
export function loadGoldens(system: string, role: string): Golden[] {
  const folder = join("golden", system, role);
  const files = readdirSync(join(packageRoot, folder)).filter((name) => name.endsWith(".http"));
  return files.sort().map((name) => {
    const path = join(folder, name);
    const golden = parseGolden(path, readFileSync(join(packageRoot, path), "utf8"));
    const expected = `${golden.keys.id?.split(".").slice(2).join(".").replace("/", ".")}.http`;
    if (expected !== name) {
      throw new GoldenError(`${path}: holds ${golden.keys.id}, so it is ${expected}`);
    }
    return golden;
  });
}

/** A case for each golden of a role. */
export function goldenCases(
  system: string,
  role: string,
  run: (context: CaseContext, golden: Golden) => Promise<void>,
): Case[] {
  return loadGoldens(system, role).map((golden) => {
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
