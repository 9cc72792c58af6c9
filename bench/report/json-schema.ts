/** The published JSON Schema of the results, draft 2020-12, made from the one that they are checked by. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { ResultsSchema } from "../results.ts";

export const JSON_SCHEMA_ID = "https://steelyard.dev/bench.schema.json";

/** Where it is published. */
export const JSON_SCHEMA_FILE: URL = new URL("../bench.schema.json", import.meta.url);

export function jsonSchemaText(): string {
  const { $schema, ...rest } = toJsonSchema(ResultsSchema, { target: "draft-2020-12" });
  const schema = { $schema, $id: JSON_SCHEMA_ID, title: "Steelyard benchmark results", ...rest };
  return JSON.stringify(schema, null, 2) + "\n";
}
