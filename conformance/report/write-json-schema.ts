/** Writes the published JSON Schema beside this file: `npx deno run -A write-json-schema.ts`. */
import { writeFileSync } from "node:fs";
import { jsonSchemaText } from "./schema.ts";

writeFileSync(new URL("report.schema.json", import.meta.url), jsonSchemaText());
