/** MDALP, the UDP transfer protocol: its messages, its shares, its timeouts. Rules: spec/mdalp. */
export * from "./message.ts";
export { parsePythonLiteral, PythonLiteralError, writePythonString } from "./python-list.ts";
export type { PythonValue } from "./python-list.ts";
export * from "./split.ts";
export * from "./timeout.ts";
