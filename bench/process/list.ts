/** The processes of the benchmark's own, by name. Each serves lines until its input ends. */
type Main = (argv: readonly string[]) => Promise<number>;

/** A new one is one line here. */
export const PROCESSES: Readonly<Record<string, () => Promise<Main>>> = {
  load: async () => (await import("../load/worker.ts")).loadWorker,
  "file-server": async () => (await import("../servers/file-server.ts")).fileServer,
  "spin-server": async () => (await import("../servers/spin-server.ts")).spinServer,
  mdalp: async () => (await import("../mdalp/process.ts")).mdalpProcess,
};
