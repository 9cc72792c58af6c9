/** What tests ask of tshark, and how it is run so that a missing or odd answer is seen. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { hasProgram } from "../../testing.ts";
import { writePcapng } from "./write-pcapng.ts";

/** What tshark says on every start by root, which is no warning about the file. */
const ROOT_NOTICE = /^Running as user "root" and group "root"\. This could be dangerous\.\n/;

export interface TsharkOutput {
  readonly stdout: string;
  /** Without the notice that root gets. */
  readonly stderr: string;
}

/** Checksums are not looked at unless asked for. */
const CHECKSUMS = ["-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];

/** Tshark, where it runs Lua scripts: some builds do not, or not for root. */
export function luaTshark(): { readonly name: string; readonly present: boolean } {
  const name = "tshark with Lua";
  if (!hasProgram("tshark")) return { name, present: false };
  const folder = mkdtempSync(join(tmpdir(), "steelyard-lua-"));
  try {
    const script = join(folder, "probe.lua");
    writeFileSync(script, 'print("lua runs")\n');
    const { stdout } = tshark(writePcapng([]), ["-X", `lua_script:${script}`]);
    return { name, present: stdout.includes("lua runs") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs tshark on the bytes of a capture; throws where it ends with another code than 0. */
export function tshark(capture: Uint8Array, args: readonly string[]): TsharkOutput {
  return run("tshark", capture, (file) => ["-n", "-r", file, ...CHECKSUMS, ...args]);
}

/** What capinfos, which comes with tshark, tells of a capture. */
export function capinfos(capture: Uint8Array): string {
  return run("capinfos", capture, (file) => [file]).stdout;
}

function run(
  program: string,
  capture: Uint8Array,
  args: (file: string) => readonly string[],
): TsharkOutput {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-tshark-"));
  try {
    const file = join(folder, "capture.pcapng");
    writeFileSync(file, capture);
    // A home of its own: the user's settings and scripts are no part of a test.
    const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, LC_ALL: "C.UTF-8" };
    const { stdout, stderr, status, error } = spawnSync(program, args(file), {
      env,
      encoding: "utf8",
      timeout: 60_000,
      maxBuffer: 256 * 1024 * 1024,
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 2000)}`);
    return { stdout, stderr: stderr.replace(ROOT_NOTICE, "") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A row for each packet, of these fields as text. */
export function fields(
  capture: Uint8Array,
  names: readonly string[],
  args: readonly string[] = [],
): string[][] {
  const asked = names.flatMap((name) => ["-e", name]);
  const { stdout, stderr } = tshark(capture, [...args, "-T", "fields", ...asked]);
  if (stderr !== "") throw new Error(`tshark says: ${stderr}`);
  return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
}
