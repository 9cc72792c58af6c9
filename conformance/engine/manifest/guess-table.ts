/**
 * How the programs of a folder without a manifest are called, and how they are most likely started.
 */
import type { RoleSpec, System } from "./schema.ts";

export interface RoleGuess {
  readonly system: System;
  readonly role: string;
  /** What the file's name begins with, in small letters. */
  readonly stems: readonly string[];
  /** What follows the program on its command line. */
  readonly arguments: readonly string[];
  readonly spec: Omit<RoleSpec, "run">;
}

const listening: Omit<RoleSpec, "run"> = { port: "listening" };

/**
 * Earlier systems come first where a folder could be of several.
 *
 * Source: the spec of each system for the names; the arguments are the suite's offer, a manifest says better.
 */
export const ROLE_GUESSES: readonly RoleGuess[] = [
  { system: "redirect", role: "server", stems: ["server"], arguments: [], spec: listening },
  {
    system: "redirect",
    role: "balancer",
    stems: ["balancer"],
    arguments: ["{servers}"],
    spec: { port: "listening", idle: "warp" },
  },
  { system: "redirect", role: "client", stems: ["client"], arguments: ["{url}"], spec: {} },
  { system: "proxy", role: "proxy", stems: ["proxy"], arguments: ["{state}"], spec: listening },
  {
    system: "proxy",
    role: "selector",
    stems: ["selector"],
    arguments: ["{state}", "{servers}"],
    spec: {},
  },
  {
    system: "mdalp",
    role: "client",
    stems: ["mdalp"],
    arguments: ["-a", "{orchestrator}", "-p", "{port}", "-f", "{file}"],
    spec: { idle: "warp" },
  },
  {
    system: "mdalp",
    role: "orchestrator",
    stems: ["orchestrator"],
    arguments: ["{host}"],
    spec: listening,
  },
  {
    system: "mdalp",
    role: "receiver",
    stems: ["receiver"],
    arguments: ["{host}"],
    spec: listening,
  },
  {
    system: "directory",
    role: "site",
    stems: ["site"],
    arguments: ["{host}", "{peers}"],
    spec: listening,
  },
  {
    system: "directory",
    role: "cache",
    stems: ["cache"],
    arguments: ["{host}", "{peers}"],
    spec: listening,
  },
  {
    system: "medals",
    role: "database",
    stems: ["database"],
    arguments: ["{port}"],
    spec: { port: "given" },
  },
  {
    system: "medals",
    role: "dispatcher",
    stems: ["dispatcher"],
    arguments: ["{port}"],
    spec: { port: "given" },
  },
  {
    system: "medals",
    role: "frontend",
    stems: ["frontend", "front-end", "front_end"],
    arguments: ["{port}", "{dispatcher}", "{database}"],
    spec: { port: "given" },
  },
];
