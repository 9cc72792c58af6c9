/** The two published captures, where they lie beside the checkout: no tool, so not `needs`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "uvu";
import { packageRoot } from "../../engine/package.ts";
import { needs } from "../../testing.ts";
import type { Tool } from "../../testing.ts";

export const PUBLISHED = join(packageRoot, "../shared/captures");

/** Registers a test on them, or skips it by name; with a tool, where that is missing too. */
export function published(test: Test, name: string, body: () => void, tool?: Tool): void {
  if (!existsSync(PUBLISHED)) {
    console.log(`skipped: ${name}: ../shared/captures is not there`);
    test.skip(name, body);
  } else if (tool === undefined) test(name, body);
  else needs(test, tool, name, body);
}
