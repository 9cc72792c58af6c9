/**
 * A manifest out of JSON that was read: the typed manifest, or every problem with its path.
 */
import * as v from "valibot";
import { checkReferences, type KnownIds } from "./check.ts";
import { ManifestError, show } from "./manifest-error.ts";
import { nearest } from "./near-miss.ts";
import { isOfUnknownKeys, keyInPath } from "./schema-parts.ts";
import { type Manifest, ManifestSchema, SYSTEMS } from "./schema.ts";

/** More problems than this are noise: the file is something else. */
const MOST_PROBLEMS = 50;

type Issue = v.BaseIssue<unknown>;

function pathOf(keys: readonly unknown[]): string {
  return keys.map(keyInPath).join("").replace(/^\./, "");
}

function problemsOf(issue: Issue, parent: readonly unknown[] = []): string[] {
  const keys = [...parent, ...(issue.path ?? []).map((item) => item.key)];
  if (isOfUnknownKeys(issue)) {
    const owner = pathOf(keys.slice(0, -1));
    return issue.message.split("\n").map((line) => `${owner}${line}`.replace(/^\./, ""));
  }
  // Of a choice between a word and an object, somebody who wrote an object meant the object.
  const deeper = issue.issues?.filter((inner) => inner.path !== undefined) ?? [];
  if (deeper.length > 0) return deeper.flatMap((inner) => problemsOf(inner, keys));
  return [`${pathOf(keys)}: ${issue.message}`];
}

function schemaProblems(raw: Readonly<Record<string, unknown>>): string[] {
  const result = v.safeParse(ManifestSchema, raw);
  if (result.success) return [];
  const problems = result.issues.flatMap((issue) => problemsOf(issue));
  const hasSystem = SYSTEMS.some((system) => system === raw.system);
  if (hasSystem) return problems;
  // Without its system nothing else was looked at: look as if the near miss had been written.
  const meant = nearest(String(raw.system), SYSTEMS);
  return meant === undefined
    ? problems
    : [...problems, ...schemaProblems({ ...raw, system: meant })];
}

/**
 * The manifest that JSON stands for.
 *
 * @param label How the manifest is named in messages.
 * @throws {ManifestError} `invalid`, with all problems.
 */
export function parseManifest(raw: unknown, label: string, known: KnownIds): Manifest {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new ManifestError("invalid", `${label}: must be a JSON object; got ${show(raw)}`);
  }
  const problems = new Set([
    ...schemaProblems(raw as Readonly<Record<string, unknown>>),
    ...checkReferences(raw, known),
  ]);
  if (problems.size === 0) return v.parse(ManifestSchema, raw);
  const listed = [...problems].slice(0, MOST_PROBLEMS).map((problem) => `${label}: ${problem}`);
  const left = problems.size - listed.length;
  if (left > 0) listed.push(`${label}: and ${left} more problems`);
  throw new ManifestError("invalid", listed);
}
