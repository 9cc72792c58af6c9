/** The results of the benchmark for people and programs. */
export { FORMATS } from "./formats.ts";
export type { Format } from "./formats.ts";
export { resultTable } from "./table.ts";
export type { TableOptions } from "./painted.ts";
export { ResultWriteError, writeFiles, writeReport } from "./write-files.ts";
