/** For tests: made-up implementations, suites and contexts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Case, Rule, Suite } from "../case.ts";
import type { Manifest } from "../manifest/mod.ts";
import { PortPool } from "../process/mod.ts";
import type { Level } from "../verdict.ts";
import { CaseContext } from "./context.ts";
import type { Attempt } from "./context.ts";
import type { Implementation } from "./implementation.ts";

type Roles = Manifest["roles"];

export interface MadeUp {
  readonly roles: Roles;
  readonly claims?: string[];
  readonly lacks?: string[];
  /** Copied for each launch; without it a launch begins in an empty folder. */
  readonly folder?: string;
}

export function implementation({ folder, ...parts }: MadeUp): Implementation {
  return {
    given: "made-up",
    name: "made-up",
    system: "redirect",
    manifest: { name: "made-up", system: "redirect", ...parts } as Manifest,
    folder,
    digest: "sha256:0",
    manifestPath: "made-up",
  };
}

export function rule(id: string, level: Level = "MUST", role = "server"): Rule {
  return { id, role, level, text: "holds", observed: "by a test", source: "a test" };
}

export function suite(rules: readonly Rule[], cases: readonly Case[]): Suite {
  return { system: "redirect", rules, cases };
}

/** Runs a test in a folder with these files, which is removed afterwards. */
export async function withFolder(
  files: Readonly<Record<string, string>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let serial = 0;

/** Runs a test with a context of its own, which is ended afterwards. */
export async function withContext(
  made: MadeUp,
  body: (context: CaseContext) => Promise<void>,
  attempt: Partial<Attempt> = {},
): Promise<void> {
  await withFolder({}, async (folder) => {
    const context = new CaseContext(
      "made.up/case",
      join(folder, "case"),
      `test-context-${process.pid}-${++serial}`,
      { warp: false, fast: false, seed: 1, timeoutMs: 60_000, ...attempt },
      {
        implementation: implementation(made),
        ports: new PortPool(),
        listened: new Set(),
        silent: new Map(),
      },
    );
    try {
      await body(context);
    } finally {
      await context.end();
    }
  });
}

/** A program that listens on its first argument and tells its folder, arguments and a variable. */
export const LISTENER = [
  "node",
  "-e",
  `const { readdirSync, writeFileSync } = require("node:fs");
  const seen = { files: readdirSync(".").sort(), args: process.argv.slice(2), own: process.env.OWN };
  writeFileSync("written-by-the-program", "");
  require("node:http").createServer((_, answer) => answer.end(JSON.stringify(seen)))
    .listen(Number(process.argv[1]), "127.0.0.1");`,
];
