/** Serves files at a chosen pace. */
import { serveLines } from "../process/lines.ts";

export function fileServer(): Promise<number> {
  return serveLines({});
}
