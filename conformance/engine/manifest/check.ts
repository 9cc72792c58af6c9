/**
 * What a schema cannot see: ids that the suite must know, and roles that name each other.
 *
 * It reads the manifest as JSON and passes over what the schema refuses, so that one run tells all problems.
 */
import { show } from "./manifest-error.ts";
import { suggestion } from "./near-miss.ts";
import { keyInPath } from "./schema-parts.ts";

/** The ids that the suite knows. */
export interface KnownIds {
  readonly ruleIds: readonly string[];
  readonly caseIds: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? value as Json : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item) => typeof item === "string" ? item : "") : [];
}

function unknownIds(path: string, list: unknown, ruleIds: readonly string[]): string[] {
  return strings(list).flatMap((id, index) =>
    id === "" || ruleIds.includes(id) ? [] : [
      `${path}[${index}]: unknown rule ${show(id)}; ${
        suggestion(id, ruleIds, '"steelyard list" shows the rules')
      }`,
    ]
  );
}

function contradictions(claims: unknown, lacks: unknown): string[] {
  const claimed = strings(claims);
  return strings(lacks).flatMap((id, index) =>
    id !== "" && claimed.includes(id)
      ? [`lacks[${index}]: ${show(id)} is in claims too; keep one of them`]
      : []
  );
}

function unknownCases(knownFailures: unknown, caseIds: readonly string[]): string[] {
  return Object.keys(object(knownFailures)).filter((id) => id !== "" && !caseIds.includes(id))
    .map((id) =>
      `knownFailures${keyInPath(id)}: unknown case; ${
        suggestion(id, caseIds, '"steelyard list" shows the cases')
      }`
    );
}

function roleProblems(manifest: Json): string[] {
  const roles = Object.keys(object(manifest.roles));
  const missing = (role: string) =>
    `role ${show(role)} is not in roles; ${
      suggestion(role, roles, `roles here are ${roles.join(", ")}`)
    }`;
  const problems: string[] = [];
  for (const role of roles) {
    const { startedBy } = object(object(manifest.roles)[role]);
    if (typeof startedBy !== "string" || startedBy === "") continue;
    const at = `roles${keyInPath(role)}.startedBy`;
    if (startedBy === role) problems.push(`${at}: ${show(role)} cannot start itself`);
    else if (!roles.includes(startedBy)) problems.push(`${at}: ${missing(startedBy)}`);
  }
  const group = object(manifest.group);
  const start = strings(group.start);
  start.forEach((role, index) => {
    if (role !== "" && !roles.includes(role)) {
      problems.push(`group.start[${index}]: ${missing(role)}`);
    }
    if (role !== "" && start.indexOf(role) !== index) {
      problems.push(`group.start[${index}]: ${show(role)} is named before; use group.count`);
    }
  });
  for (const role of Object.keys(object(group.count))) {
    if (!start.includes(role)) {
      problems.push(`group.count${keyInPath(role)}: role ${show(role)} is not in group.start`);
    }
  }
  return problems;
}

/** The problems of a manifest, each as `path: what`. */
export function checkReferences(raw: unknown, { ruleIds, caseIds }: KnownIds): string[] {
  const manifest = object(raw);
  return [
    ...unknownIds("claims", manifest.claims, ruleIds),
    ...unknownIds("lacks", manifest.lacks, ruleIds),
    ...contradictions(manifest.claims, manifest.lacks),
    ...unknownCases(manifest.knownFailures, caseIds),
    ...roleProblems(manifest),
  ];
}
