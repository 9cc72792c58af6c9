/** The processes of a runtime: one with orchestrators and receivers, one with clients. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import { startWorker } from "../process/lines.ts";
import type { Worker } from "../process/lines.ts";

export interface Workers {
  readonly servers: Worker;
  readonly client: Worker;
}

/** Resolves once both are there. */
export async function startSides(life: Lifetime, on: Runtime): Promise<Workers> {
  const [servers, client] = [startWorker(life, on, "mdalp"), startWorker(life, on, "mdalp")];
  await Promise.all([servers.call("ready", {}), client.call("ready", {})]);
  return { servers, client };
}
