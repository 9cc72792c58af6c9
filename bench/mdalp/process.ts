/** Roles of MDALP for a measurement. */
import { serveLines } from "../process/lines.ts";

export function mdalpProcess(): Promise<number> {
  return serveLines({});
}
