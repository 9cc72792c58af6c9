/** The results of the benchmark for people and programs. */
export { FORMATS } from "./formats.ts";
export type { Format } from "./formats.ts";
export { jsonSchemaText } from "./json-schema.ts";
export { resultTable } from "./table.ts";
export type { TableOptions } from "./table.ts";
export { ResultWriteError, writeFiles } from "./write-files.ts";
