/** Roles of MDALP for a measurement: one process serves, another one sends. */
import { serveLines } from "../process/lines.ts";
import { sendingServices } from "./send-transfer.ts";
import { servingServices } from "./serve-transfer.ts";

/** The services of both; a process is told those of its role. */
export function mdalpServices() {
  return { ready: () => true, ...servingServices(), ...sendingServices() };
}

export function mdalpProcess(): Promise<number> {
  return serveLines(mdalpServices());
}
