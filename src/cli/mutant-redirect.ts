/** A role of the redirect system broken in one known way, with the arguments of `run` that the suite gives. */
import process from "node:process";
import { parseArgs } from "node:util";
import type { RedirectMutant } from "../../conformance/mutants/types.ts";
import { parseUpstream } from "../redirect/mod.ts";
import { runUntilStopped } from "./foreground.ts";

const OPTIONS = {
  root: { type: "string", default: "." },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "0" },
  interval: { type: "string", default: "300" },
  log: { type: "string", default: "none" },
} as const;

const log = () => {};

/** Returns the exit code. */
export async function runRedirectMutant(mutant: RedirectMutant, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const { host } = values;
  const port = Number(values.port);
  if (mutant.role === "server") {
    return runUntilStopped(() => mutant.start({ host, port, root: values.root, log }), log);
  }
  if (mutant.role === "balancer") {
    const upstreams = positionals.map(parseUpstream);
    const intervalMs = Number(values.interval) * 1000;
    const settings = { host, port, upstreams, intervalMs, probePath: "/test.html", log };
    return runUntilStopped(() => mutant.start({ ...settings, random: Math.random }), log);
  }
  const saved = await mutant.run({
    url: positionals[0] ?? "",
    folder: ".",
    maxRedirects: 10,
    idleMs: 30_000,
    print: (part) => process.stdout.write(part),
  });
  if (saved) process.stdout.write(`saved ${JSON.stringify(saved.path)}, ${saved.size} bytes\n`);
  return 0;
}
