/**
 * Placeholders of a manifest replaced by the values of a case.
 *
 * Source: DESIGN, "Manifest", Placeholders.
 */
import { ManifestError, show } from "./manifest-error.ts";
import {
  type Join,
  JOINS,
  parseTemplate,
  type Part,
  PLACEHOLDERS,
  unknownPlaceholder,
} from "./placeholder-parse.ts";

export type Value = string | number | readonly string[];

/** What the placeholders stand for in one case, by name. */
export type Values = Readonly<Record<string, Value | undefined>>;

const SEPARATORS: Record<Exclude<Join, "json">, string> = { lines: "\n", space: " ", comma: "," };

type Placeholder = Extract<Part, { kind: "placeholder" }>;

function valueOf({ name }: Placeholder, values: Values, role: string | undefined): Value {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  const at = role === undefined ? "" : `role ${role}: `;
  if (!PLACEHOLDERS.some((known) => known === name)) {
    const known = [...new Set([...PLACEHOLDERS, ...Object.keys(values)])];
    throw new ManifestError("invalid", at + unknownPlaceholder(name, known));
  }
  const given = Object.keys(values).filter((key) => values[key] !== undefined).sort();
  throw new ManifestError(
    "invalid",
    `${at}{${name}} has no value in this case; it gives ${
      given.length === 0 ? "none" : given.map((key) => `{${key}}`).join(" ")
    }`,
  );
}

function joined(value: Value, join: Join): string {
  if (join === "json") return JSON.stringify(value);
  return typeof value === "object" ? value.join(SEPARATORS[join]) : String(value);
}

function expandParts(
  parts: readonly Part[],
  template: string,
  values: Values,
  role: string | undefined,
): string {
  return parts.map((part) => {
    if (part.kind === "literal") return part.text;
    const value = valueOf(part, values, role);
    if (part.join !== undefined) return joined(value, part.join);
    if (typeof value !== "object") return String(value);
    const at = role === undefined ? "" : `role ${role}: `;
    const ways = JOINS.map((join) => `{${part.name}:${join}}`);
    throw new ManifestError(
      "invalid",
      `${at}{${part.name}} is a list, and ${show(template)} has no place for one; write ${
        ways.slice(0, -1).join(", ")
      } or ${ways.at(-1)}, or in a command make it an argument of its own`,
    );
  }).join("");
}

/**
 * The text of a file, a variable or a name.
 *
 * @param role Named in errors, for the reader of a report.
 * @throws {ManifestError} `invalid`: an unknown placeholder, one without a value here, or a list without a join.
 *
 * @example
 * ```ts
 * expandText("{servers:lines}\n", { servers: ["127.0.0.1:81", "127.0.0.1:82"] });
 * // "127.0.0.1:81\n127.0.0.1:82\n"
 * ```
 */
export function expandText(template: string, values: Values, role?: string): string {
  return expandParts(parseTemplate(template), template, values, role);
}

/**
 * The arguments of a command; one that is exactly a list becomes one argument an element.
 *
 * @param role Named in errors, for the reader of a report.
 * @throws {ManifestError} as {@linkcode expandText}
 *
 * @example
 * ```ts
 * expandArguments(["balancer", "{servers}"], { servers: ["a:1", "b:2"] }); // ["balancer", "a:1", "b:2"]
 * ```
 */
export function expandArguments(run: readonly string[], values: Values, role?: string): string[] {
  return run.flatMap((argument): readonly string[] => {
    const parts = parseTemplate(argument);
    const [first] = parts;
    if (parts.length === 1 && first?.kind === "placeholder" && first.join === undefined) {
      const value = valueOf(first, values, role);
      if (typeof value === "object") return value;
    }
    return [expandParts(parts, argument, values, role)];
  });
}
