/** Which runtime this is: asked here and nowhere else. */
export type Runtime = "bun" | "deno" | "node";

interface Globals {
  Bun?: { version: string };
  Deno?: { version: { deno: string } };
}

const globals = globalThis as Globals;

export const runtime: Runtime = globals.Bun ? "bun" : globals.Deno ? "deno" : "node";

export const runtimeVersion: string = globals.Bun?.version ?? globals.Deno?.version.deno ??
  process.versions.node;

/** The arguments that start a program file of ours on this runtime's executable. */
export function runArguments(of: Runtime): string[] {
  return of === "deno" ? ["run", "-A", "--no-lock"] : [];
}
