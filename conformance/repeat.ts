/**
 * Runs the suite against the reference many times and says where the verdicts differ: a flaky case is
 * a broken case. Every third run has both cores busy. `node conformance/repeat.ts [--runs N]
 * [--runtime bun|deno|node] [--only GLOB]`; exit code 1 when any verdict is not a pass.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { executable, packageRoot } from "./engine/package.ts";
import type { Runtime } from "../src/net/mod.ts";
import type { Report } from "./report/mod.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "30" },
    runtime: { type: "string", default: "bun" },
    only: { type: "string", default: "*" },
  },
});

const on = values.runtime as Runtime;
const main = join(packageRoot, "src", "cli", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "steelyard-repeat-"));
const file = join(folder, "report.json");
const busy: ChildProcess[] = [];

/** A loop on each core, for the length of one run. */
function keepBusy(): void {
  for (const _ of cpus()) busy.push(spawn(process.execPath, ["-e", "for (;;);"]));
}

function rest(): void {
  for (const one of busy.splice(0)) one.kill("SIGKILL");
}
process.on("exit", rest);

const odd = new Map<string, number>();
for (let run = 1; run <= Number(values.runs); run++) {
  const loaded = run % 3 === 0;
  if (loaded) keepBusy();
  const prefix = on === "deno" ? ["run", "-A"] : [];
  const args = [
    ...prefix,
    main,
    "check",
    "reference",
    "--only",
    values.only,
    "--seed",
    String(run),
  ];
  const ended = spawnSync(executable(on), [...args, "--report", `json=${file}`], {
    encoding: "utf8",
  });
  rest();
  if (ended.status === 2 || ended.status === null) {
    console.log(ended.stderr);
    process.exit(2);
  }
  const reports = [JSON.parse(readFileSync(file, "utf8")) as Report | Report[]].flat();
  const bad = reports.flatMap(({ cases }) => cases).filter(({ verdict }) => verdict !== "pass");
  const seconds = reports.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  console.log(
    `run ${run}${loaded ? ", cores busy" : ""}: ${bad.length} not passed, ${seconds.toFixed(1)} s`,
  );
  for (const { id, verdict, message } of bad) {
    odd.set(id, (odd.get(id) ?? 0) + 1);
    console.log(`  ${verdict} ${id}: ${message}`);
  }
}
rmSync(folder, { recursive: true });
console.log(odd.size === 0 ? "every run passed every case" : `cases with a doubt: ${odd.size}`);
process.exitCode = odd.size === 0 ? 0 : 1;
