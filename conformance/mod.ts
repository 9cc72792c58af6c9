export type { Level, Verdict } from "./engine/verdict.ts";
