/** `steelyard bench-process NAME`: what the benchmark starts beside itself, never by hand. */
import process from "node:process";
import { PROCESSES } from "../../bench/process/list.ts";
import { UsageError } from "./usage.ts";

export async function benchProcess([name = "", ...argv]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(PROCESSES, name) ? PROCESSES[name] : undefined;
  if (!load) {
    throw new UsageError(
      `no process ${JSON.stringify(name)}; there is ${Object.keys(PROCESSES).join(", ")}`,
    );
  }
  // What it still has under way goes with it: nobody is there to be told.
  process.exit(await (await load())(argv));
}
