/**
 * The suite against everything that it must judge right: the references on each runtime, from
 * sources and built, and the peers. Prints a line for each and ends with `N passed, N failed`, cases
 * counted. Run it with `node conformance/verify.ts`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { executable, packageRoot } from "./engine/package.ts";
import { peerNames } from "./peers/peers.ts";
import type { Report } from "./report/mod.ts";

interface Subject {
  readonly name: string;
  readonly command: readonly string[];
}

const SOURCES = join(packageRoot, "src", "cli", "main.ts");
const BUILT = join(packageRoot, "dist", "steelyard.js");

const SUBJECTS: readonly Subject[] = [
  { name: "reference on Bun", command: [executable("bun"), SOURCES, "check", "reference"] },
  {
    name: "reference on Deno",
    command: [executable("deno"), "run", "-A", SOURCES, "check", "reference"],
  },
  { name: "reference on Node", command: [executable("node"), SOURCES, "check", "reference"] },
  // The Node that is on PATH, which may be older than the sources need.
  { name: "reference, built", command: ["node", BUILT, "check", "reference"] },
  ...peerNames().map((name) => ({
    name: `peer ${name}`,
    command: [executable("bun"), SOURCES, "check", `peer:${name}`],
  })),
];

const GOOD = new Set(["pass", "unsupported"]);

function run(subject: Subject): { passed: number; failed: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-verify-"));
  const file = join(folder, "report.json");
  try {
    const [program, ...args] = subject.command as [string, ...string[]];
    const ended = spawnSync(program, [...args, "--report", `json=${file}`], {
      cwd: folder,
      encoding: "utf8",
    });
    let report: Report | Report[];
    try {
      report = JSON.parse(readFileSync(file, "utf8"));
    } catch {
      return { passed: 0, failed: [`no report; exit code ${ended.status}: ${ended.stderr}`] };
    }
    const cases = [report].flat().flatMap((one) => one.cases);
    const bad = cases.filter(({ verdict }) => !GOOD.has(verdict));
    const seconds = ([report].flat().reduce((sum, one) => sum + one.durationMs, 0) / 1000).toFixed(
      1,
    );
    console.log(
      `${subject.name}: ${cases.length - bad.length} of ${cases.length} cases, ${seconds} s`,
    );
    return {
      passed: cases.filter(({ verdict }) => verdict === "pass").length,
      failed: bad.map(({ id, verdict, message, actual }) =>
        `${verdict} ${id}: ${message}\n${(actual ?? "").slice(0, 1500)}`
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let passed = 0;
let failed = 0;
for (const subject of SUBJECTS) {
  let result = run(subject);
  if (result.failed.length > 0) {
    // A machine that does other work may upset what goes by the clock: the second run counts.
    for (const line of result.failed) console.log(`  once: ${line}`);
    result = run(subject);
  }
  for (const line of result.failed) console.log(`  ${line}`);
  passed += result.passed;
  failed += result.failed.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
