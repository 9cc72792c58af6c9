/** The golden files of a role, as cases: `.http` exchanges and `.trace` datagrams. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../case.ts";
import { packageRoot } from "../package.ts";
import type { CaseContext } from "../run/context.ts";
import { parseTrace } from "./parse-trace.ts";
import type { TraceGolden } from "./parse-trace.ts";
import { GoldenError, parseGolden } from "./parse.ts";
import type { Golden } from "./parse.ts";

/** Reads all HTTP goldens of one role, in the order of their names. Throws a GoldenError. */
export function loadGoldens(system: string, role: string): Golden[] {
  return load(system, role, "http", parseGolden);
}

/** Reads all golden traces of one role, in the order of their names. Throws a GoldenError. */
export function loadTraces(system: string, role: string): TraceGolden[] {
  return load(system, role, "trace", parseTrace);
}

/** A case for each HTTP golden of a role. */
export function goldenCases(
  system: string,
  role: string,
  run: (context: CaseContext, golden: Golden) => Promise<void>,
): Case[] {
  return casesOf(loadGoldens(system, role), run);
}

/** A case for each golden trace of a role. */
export function traceCases(
  system: string,
  role: string,
  run: (context: CaseContext, golden: TraceGolden) => Promise<void>,
): Case[] {
  return casesOf(loadTraces(system, role), run);
}

/** What every golden has. */
interface AnyGolden {
  readonly path: string;
  readonly title: string;
  readonly keys: Readonly<Record<string, string>>;
}

function load<G extends AnyGolden>(
  system: string,
  role: string,
  ending: string,
  parse: (path: string, text: string) => G,
): G[] {
  const folder = join("golden", system, role);
  const files = readdirSync(join(packageRoot, folder)).filter((name) =>
    name.endsWith(`.${ending}`)
  );
  return files.sort().map((name) => {
    const path = join(folder, name);
    const golden = parse(path, readFileSync(join(packageRoot, path), "utf8"));
    const stem = golden.keys.id?.split(".").slice(2).join(".").replace("/", ".");
    if (`${stem}.${ending}` !== name) {
      throw new GoldenError(`${path}: holds ${golden.keys.id}, so it is ${stem}.${ending}`);
    }
    return golden;
  });
}

function casesOf<G extends AnyGolden>(
  goldens: readonly G[],
  run: (context: CaseContext, golden: G) => Promise<void>,
): Case[] {
  return goldens.map((golden) => {
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
