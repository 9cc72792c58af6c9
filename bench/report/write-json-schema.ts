/** Writes the published JSON Schema, `bench/bench.schema.json`: `npx deno run -A write-json-schema.ts`. */
import { writeFileSync } from "node:fs";
import { JSON_SCHEMA_FILE, jsonSchemaText } from "./json-schema.ts";

writeFileSync(JSON_SCHEMA_FILE, jsonSchemaText());
