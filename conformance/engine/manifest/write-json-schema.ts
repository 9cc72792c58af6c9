/**
 * Writes `implementation.schema.json` beside this folder: `node conformance/engine/manifest/write-json-schema.ts`.
 */
import { writeFile } from "node:fs/promises";
import { manifestJsonSchemaText } from "./json-schema.ts";

await writeFile(
  new URL("../implementation.schema.json", import.meta.url),
  manifestJsonSchemaText(),
);
