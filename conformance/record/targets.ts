/** Roles whose exchanges can be recorded, each started as its golden cases start it. */
import { join } from "node:path";
import { fixture, makeRoot } from "../engine/fixtures.ts";
import type { AskTarget } from "../engine/golden/ask.ts";
import type { GoldenValues } from "../engine/golden/expand.ts";
import type { Golden } from "../engine/golden/parse.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { startCourse, startServers } from "../redirect/course.ts";
import { RecordError } from "./error.ts";

/** A role that listens, and what the matchers of its goldens stand for. */
export interface Target {
  readonly at: AskTarget;
  readonly values: GoldenValues;
}

type Start = (context: CaseContext, golden: Golden) => Promise<Target>;

/** By system, then role. Clients are missing on purpose: in their goldens the suite answers. */
const TARGETS: Readonly<Record<string, Readonly<Record<string, Start>>>> = {
  redirect: { server: startServer, balancer: startBalancer },
};

async function startServer(context: CaseContext, golden: Golden): Promise<Target> {
  const root = join(context.folder, "site", "root");
  const large = golden.steps.some((step) => step.alternatives[0]?.written.includes("large.bin"));
  makeRoot(root, { large });
  const at = await context.launch("server", { values: { root } });
  return { at, values: { texts: { host: at.address }, servers: [], file: fixture } };
}

async function startBalancer(context: CaseContext, golden: Golden): Promise<Target> {
  const count = Number(golden.keys.servers ?? 2);
  const on = await startCourse(context, await startServers(context, Array(count).fill(0)));
  const values = { texts: { host: on.balancer.address }, servers: on.listed, file: fixture };
  return { at: on.balancer, values };
}

export function recordableRoles(system: string): string[] {
  return Object.keys(TARGETS[system] ?? {});
}

/** Starts the role that a golden is of. Throws a RecordError for one that cannot be recorded. */
export async function startTarget(context: CaseContext, golden: Golden): Promise<Target> {
  const [system = ""] = (golden.keys.id ?? "").split(".");
  const role = golden.keys.role ?? "";
  const start = TARGETS[system]?.[role];
  if (start) return await start(context, golden);
  const known = recordableRoles(system).join(", ") || "none";
  throw new RecordError(
    "no-target",
    `an exchange with ${system} ${
      role || "(no role)"
    } cannot be recorded; roles that can: ${known}`,
  );
}
