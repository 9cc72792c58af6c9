/** Our roles as servers that are measured, started by our own command line. */
import { ownCommand } from "../../conformance/engine/package.ts";
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import { startOwn } from "../peers/servers.ts";
import type { Server } from "../peers/servers.ts";
import type { Watched } from "../servers/watch.ts";

export interface MeasuredServer extends Watched {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

/** Starts `steelyard run ...ROLE` with the role's arguments, without its log. */
export async function startRole(
  life: Lifetime,
  on: Runtime,
  role: readonly string[],
): Promise<MeasuredServer> {
  const name = `${role[1]} on ${on}`;
  const command = ownCommand(on, ["run", ...role, "--log", "none"]);
  return measuredServer(await startOwn(life, name, command));
}

export function measuredServer({ name, url, process, died }: Server): MeasuredServer {
  return { name, url, pid: process.pid as number, died };
}

/** `127.0.0.1:PORT` */
export function addressOf({ url }: { readonly url: string }): string {
  return new URL(url).host;
}
