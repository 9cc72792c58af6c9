/**
 * Runs all tests: `node conformance/test.ts [--runtime bun|deno|node] [GLOB ...]`. Each test file is
 * a process of its own, two at a time; those of `SLOW` run alone at the end.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import picomatch from "picomatch";
import { packageRoot } from "./engine/package.ts";
import { readProc, readProcesses } from "./engine/process/proc.ts";
import { SKIP_LINE } from "./testing.ts";

const FOLDERS = ["src", "conformance", "bench"];

/** Repeats by itself what failed, alone: another quarter of an hour would say no more. */
const REPEATS_ITSELF = picomatch("**/kill-matrix.test.ts");

/** Files that load the machine for so long that nothing may run beside them. */
const SLOW = ["**/kill-matrix.test.ts", "**/*.bench.test.ts", "**/examples.test.ts"];

const AT_ONCE = Math.min(2, availableParallelism());
/** No file takes so long unless it hangs. */
const FILE_MS = 300_000;
const SLOW_FILE_MS = 3_600_000;

const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  bun: ["bun"],
  deno: ["deno", "run", "-A"],
  node: ["node"],
};

interface FileResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skipLines: readonly string[];
}

/** In the environment of every test file and of what it starts, in whatever session. */
const MARK_VARIABLE = "STEELYARD_TEST_FILE";

const running = new Map<ChildProcess, string>();
let stopped = false;

const { runtime, files } = readArguments();
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
const results = await runAll(files);
report(results);

function readArguments(): { runtime: readonly string[]; files: string[] } {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { runtime: { type: "string" } } });
  } catch (error) {
    return refuse((error as Error).message);
  }
  const name = parsed.values.runtime ?? "node";
  const command = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  if (!command) {
    return refuse(
      `--runtime ${JSON.stringify(name)} is none of ${Object.keys(RUNTIMES).join(", ")}`,
    );
  }
  const globs = parsed.positionals.map((glob) => picomatch(glob, { contains: true }));
  const found = FOLDERS.flatMap(testFiles).sort();
  const chosen = found.filter((file) => globs.length === 0 || globs.some((fits) => fits(file)));
  if (chosen.length === 0) {
    return refuse(`none of ${found.length} test files fits ${parsed.positionals.join(" ")}`);
  }
  return { runtime: command, files: chosen };
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function testFiles(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join(folder, path));
}

async function runAll(all: readonly string[]): Promise<FileResult[]> {
  const isSlow = picomatch(SLOW);
  const results: FileResult[] = [];
  const failed: string[] = [];
  const keep = (file: string, result: FileResult) => {
    if (result.failed > 0 && !REPEATS_ITSELF(file)) failed.push(file);
    else results.push(result);
  };
  const quick = all.filter((file) => !isSlow(file));
  const worker = async () => {
    for (let file = quick.shift(); file && !stopped; file = quick.shift()) {
      keep(file, await runFile(file, FILE_MS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const file of all.filter((file) => isSlow(file))) {
    if (!stopped) keep(file, await runFile(file, SLOW_FILE_MS, REPEATS_ITSELF(file)));
  }
  // A machine that does other work may upset what waits for processes: the second run, alone, counts.
  for (const file of failed) {
    console.log(`again, alone: ${file}`);
    if (!stopped) results.push(await runFile(file, SLOW_FILE_MS, true));
  }
  return results;
}

function runFile(file: string, limitMs: number, counts = false): Promise<FileResult> {
  const [program = "node", ...options] = runtime;
  const mark = `${process.pid}:${file}`;
  // In a group of its own: a Ctrl-C comes to this process alone, which ends the others in order.
  const child = spawn(join(packageRoot, "node_modules", ".bin", program), [...options, file], {
    cwd: packageRoot,
    detached: true,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", [MARK_VARIABLE]: mark },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.set(child, mark);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output += text);
  }
  const started = performance.now();
  return new Promise((done) => {
    const timer = setTimeout(() => {
      output += `\nnot done after ${limitMs / 1000} s: ended\n`;
      end(mark);
    }, limitMs);
    const ended = (code: number | null) => {
      clearTimeout(timer);
      running.delete(child);
      const result = resultOf(output, code === 0);
      if (!stopped) printFile(file, result, output, performance.now() - started, counts);
      done(result);
    };
    child.once("error", (error) => {
      output += `${error.message}; run npm ci in ${packageRoot}\n`;
      ended(1);
    });
    child.once("close", ended);
  });
}

/** uvu's totals; a file that ended without them, or with an error beside them, has failed once. */
function resultOf(output: string, ok: boolean): FileResult {
  const plain = output.replace(/\x1b\[[\d;]*m/g, "");
  const count = (name: string) =>
    Number(new RegExp(`^  ${name}: +(\\d+)`, "m").exec(plain)?.[1] ?? 0);
  const passed = count("Passed");
  const failed = Math.max(count("Total") - passed, ok && plain.includes("\n  Total:") ? 0 : 1);
  return { passed, failed, skipped: count("Skipped"), skipLines: plain.match(SKIP_LINE) ?? [] };
}

/** A first failure says no more than that: the output of the run that counts is the one to read. */
function printFile(
  file: string,
  result: FileResult,
  output: string,
  tookMs: number,
  counts: boolean,
): void {
  const { passed, failed, skipped } = result;
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  const mark = failed === 0 ? "ok   " : counts ? "FAIL " : "again";
  console.log(`${mark} ${file}: ${parts.join(", ")} (${(tookMs / 1000).toFixed(1)} s)`);
  if (failed > 0) console.log(output.trimEnd().replace(/^/gm, "     "));
}

function report(results: readonly FileResult[]): void {
  const sum = (of: (result: FileResult) => number) => results.reduce((all, r) => all + of(r), 0);
  const failed = sum((result) => result.failed);
  const skipped = sum((result) => result.skipped);
  console.log("");
  for (const line of results.flatMap(({ skipLines }) => skipLines).sort()) console.log(line);
  if (stopped) console.log(`stopped: ${files.length} files chosen, ${results.length} begun`);
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${sum((result) => result.passed)} passed, ${failed} failed`);
  process.exitCode = stopped ? 130 : failed > 0 ? 1 : 0;
}

/** Ends what runs; a second Ctrl-C finds no handler and ends this process at once. */
function stop(): void {
  stopped = true;
  for (const mark of running.values()) end(mark);
}

/** SIGKILL to a test file and to all that it started. */
function end(mark: string): void {
  for (const { pid } of readProcesses()) {
    if (!readProc(`${pid}/environ`)?.split("\0").includes(`${MARK_VARIABLE}=${mark}`)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
