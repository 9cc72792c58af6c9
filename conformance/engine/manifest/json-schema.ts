/**
 * The manifest's schema as JSON Schema, for editors; `write-json-schema.ts` keeps it in the repository.
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import { ManifestSchema, RoleSchema } from "./schema.ts";

export const SCHEMA_ID = "https://steelyard.dev/implementation.schema.json";

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Draft-07, which editors read best. What it cannot say (near misses, paths that leave the copy, patterns that are
 * regular expressions) only the loader checks.
 */
export function manifestJsonSchema(): JsonSchema {
  const schema = toJsonSchema(ManifestSchema, {
    target: "draft-07",
    typeMode: "output",
    ignoreActions: ["check"],
    definitions: { role: RoleSchema },
  });
  const { $schema, ...rest } = schema;
  return { $schema, $id: SCHEMA_ID, title: "Steelyard implementation manifest", ...rest };
}

/** The document as the repository holds it. */
export function manifestJsonSchemaText(): string {
  return JSON.stringify(manifestJsonSchema(), null, 2) + "\n";
}
