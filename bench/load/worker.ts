/** Puts load on servers, as it is told. */
import { serveLines } from "../process/lines.ts";

export function loadWorker(): Promise<number> {
  return serveLines({});
}
