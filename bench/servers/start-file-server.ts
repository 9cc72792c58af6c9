/** A paced file server in a process of its own. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import { startWorker } from "../process/lines.ts";
import type { FileServerOrder } from "./file-server.ts";
import type { PaceOptions } from "./pace.ts";
import { Watch } from "./watch.ts";
import type { Watched } from "./watch.ts";

export interface FileServer extends Watched {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Changes the pace of what is asked from now on. */
  setPace(pace: PaceOptions): Promise<void>;
  /** Bodies from now on have a byte that is wrong, or are half of the file in a message that is whole. */
  spoil(how: "flip" | "shorten"): Promise<void>;
  /** Ends it as a crash does. */
  die(): void;
}

/** Starts one that serves the files below `root`; rejects with a ProgramError. */
export async function startFileServer(
  life: Lifetime,
  on: Runtime,
  order: FileServerOrder,
): Promise<FileServer> {
  const worker = startWorker(life, on, "file-server");
  const { port } = await worker.call<{ port: number }>("start", order);
  const watch = new Watch(`server ${order.name} on ${on}`);
  worker.call("end", null).catch(watch.failed);
  return {
    name: watch.name,
    pid: worker.pid,
    died: watch.died,
    url: `http://127.0.0.1:${port}`,
    setPace: (pace) => worker.call("pace", pace),
    spoil: (how) => worker.call(how, null),
    die: () => void worker.call("die", null).catch(() => {}),
  };
}
