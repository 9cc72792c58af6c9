/**
 * Templates of a manifest, taken apart: literal text and `{name}` or `{name:join}`.
 *
 * Source: DESIGN, "Manifest", Placeholders. `{{` and `}}` stand for braces; a brace that opens nothing like
 * a placeholder is itself, so that JSON can be written as it is: the two that end `{"a":{"b":1}}` close
 * braces that were written singly, and stay two.
 */
import { ManifestError, show } from "./manifest-error.ts";
import { suggestion } from "./near-miss.ts";

/** Every placeholder there is; a case gives values to some of them. */
export const PLACEHOLDERS = [
  "host",
  "port",
  "servers",
  "peers",
  "url",
  "file",
  "basename",
  "root",
  "state",
  "orchestrator",
  "receiver",
  "cache",
  "database",
  "dispatcher",
  "scenario",
  "load",
  "id",
  "auth",
  "seed",
  "interval",
] as const;

export const JOINS = ["lines", "space", "comma", "json"] as const;

export type Join = (typeof JOINS)[number];

export type Part =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: string; readonly join: Join | undefined };

const PLACEHOLDER = /\{([A-Za-z][\w-]*)(?::([\w-]*))?\}/y;

function joinNamed(name: string, join: string): Join {
  const known = JOINS.find((candidate) => candidate === join);
  if (known !== undefined) return known;
  throw new ManifestError(
    "invalid",
    `unknown join ${show(join)} in {${name}:${join}}; ${
      suggestion(join, JOINS, `joins are ${JOINS.join(", ")}`)
    }`,
  );
}

/**
 * The parts of a template.
 *
 * @throws {ManifestError} `invalid` when a join is unknown.
 */
export function parseTemplate(template: string): Part[] {
  const parts: Part[] = [];
  const open: ("single" | "double")[] = [];
  let literal = "";
  let at = 0;
  while (at < template.length) {
    const character = template[at]!;
    const isDoubled = template[at + 1] === character;
    if (character === "{" && isDoubled) {
      open.push("double");
      literal += character;
      at += 2;
      continue;
    }
    PLACEHOLDER.lastIndex = at;
    const match = PLACEHOLDER.exec(template);
    if (match !== null) {
      const name = match[1]!;
      if (literal !== "") parts.push({ kind: "literal", text: literal });
      literal = "";
      const join = match[2] === undefined ? undefined : joinNamed(name, match[2]);
      parts.push({ kind: "placeholder", name, join });
      at = PLACEHOLDER.lastIndex;
      continue;
    }
    let length = 1;
    if (character === "{") open.push("single");
    if (character === "}") {
      const closes = open.at(-1);
      if (isDoubled && closes !== "single") length = 2;
      if (closes === "single" || length === 2) open.pop();
    }
    literal += character;
    at += length;
  }
  if (literal !== "") parts.push({ kind: "literal", text: literal });
  return parts;
}

/** What to say of a placeholder that does not exist. */
export function unknownPlaceholder(name: string, known: readonly string[] = PLACEHOLDERS): string {
  return `unknown placeholder {${name}}; ${
    suggestion(name, known, `known: ${known.join(", ")}`)
  } (write {{${name}}} for the text itself)`;
}

/** What is wrong with a template whatever the case, or undefined. */
export function templateProblem(template: string): string | undefined {
  try {
    for (const part of parseTemplate(template)) {
      if (part.kind === "literal") continue;
      if (!PLACEHOLDERS.some((known) => known === part.name)) return unknownPlaceholder(part.name);
    }
  } catch (error) {
    if (error instanceof ManifestError) return error.message;
    throw error;
  }
  return undefined;
}
