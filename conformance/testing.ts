/**
 * Tests that need a tool which not every machine has: registered where it is there, else skipped by
 * name with a line that `conformance/test.ts` repeats at its end.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import type { Test } from "uvu";
import { packageRoot } from "./engine/package.ts";

/** A program by its name, or anything else whose presence the test file has found out itself. */
export type Tool = string | { readonly name: string; readonly present: boolean };

/**
 * Registers a test that needs a tool. Without it the test is skipped, and `STEELYARD_CI=1` makes it
 * fail instead: there every tool must be installed.
 */
export function needs(
  test: Test,
  tool: Tool,
  name: string,
  body: (context: Record<PropertyKey, unknown>) => Promise<void> | void,
): void {
  const toolName = typeof tool === "string" ? tool : tool.name;
  if (typeof tool === "string" ? hasProgram(tool) : tool.present) {
    test(name, body);
    return;
  }
  if (process.env.STEELYARD_CI === "1") {
    test(name, () => {
      throw new Error(
        `needs ${toolName}, which is not here; STEELYARD_CI=1 allows no skipped test`,
      );
    });
    return;
  }
  console.log(skipLine(name, toolName));
  test.skip(name, body);
}

/** What tells the test runner that a test was skipped. */
export function skipLine(name: string, tool: string): string {
  return `skipped: ${name}: needs ${tool}`;
}

export const SKIP_LINE = /^skipped: .+: needs .+$/gm;

/** Whether a program is among the package's own or on PATH. */
export function hasProgram(name: string): boolean {
  const folders = [join(packageRoot, "node_modules", ".bin")];
  folders.push(...(process.env.PATH ?? "").split(delimiter));
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
