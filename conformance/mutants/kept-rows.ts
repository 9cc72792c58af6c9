/** docs/kill-matrix.md as it is kept, and what a run is held to of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../engine/package.ts";
import { killMatrixDocument, mutantRow } from "./kill-matrix-document.ts";
import type { Kill } from "./kill-matrix.ts";

export const DOCUMENT = join(packageRoot, "docs", "kill-matrix.md");

/** The document; empty where there is none. */
export function keptDocument(): string {
  try {
    return readFileSync(DOCUMENT, "utf8");
  } catch {
    return "";
  }
}

/** Whether a mutant did what the document says, or is not in it. */
export function isAsKept(kill: Kill, kept: string): boolean {
  const row = kept.split("\n").find((line) => line.startsWith(`| ${kill.mutant.name} | `));
  return row === undefined || held(mutantRow(kill)) === held(row);
}

/** The document of a run, and the kept one, without what a run is not held to. */
export function asHeld(kills: readonly Kill[], kept: string): [ran: string, kept: string] {
  return [held(killMatrixDocument(kills)), held(kept)];
}

/**
 * Without the last column of the proxy's rows. Which cases of a rule a broken proxy fails is a race
 * in some of them (what is in flight when it drops a connection); which rules is none.
 */
function held(document: string): string {
  return document.replace(/^(\| proxy-(?:[^|]*\|){4})[^|]*\|$/gm, "$1 |");
}
