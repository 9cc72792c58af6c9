/**
 * Programs under test: start them in a copy of their folder, find their ports, and end them with
 * all they started.
 */
export * from "./copy.ts";
export * from "./errors.ts";
export * from "./port-pool.ts";
export * from "./port-wait.ts";
export * from "./ports.ts";
export * from "./process.ts";
export { killByToken, killTree, processesWithToken, processTree } from "./tree.ts";
export * from "./warp.ts";
export * from "./sandbox.ts";
