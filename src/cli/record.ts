/** `steelyard record IMPLEMENTATION ...`: an exchange, recorded twice, as a golden. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import type { Rule } from "../../conformance/engine/case.ts";
import { nearest } from "../../conformance/engine/manifest/mod.ts";
import { executable } from "../../conformance/engine/package.ts";
import { roleOf } from "../../conformance/engine/run/implementation.ts";
import type { Implementation } from "../../conformance/engine/run/implementation.ts";
import { goldenFileName, recordGolden } from "../../conformance/record/record.ts";
import { BadRequest, requestFileLines, requestLines } from "../../conformance/record/request.ts";
import { recordableRoles } from "../../conformance/record/targets.ts";
import { allRules } from "../../conformance/suites.ts";
import { runtime } from "../net/mod.ts";
import type { Runtime } from "../net/mod.ts";
import { resolveImplementations } from "./implementations.ts";
import { repeated } from "./repeated.ts";
import { runRoleCommand } from "./role-command.ts";
import { oneOf, text, UsageError } from "./usage.ts";

const RUNTIMES = ["bun", "deno", "node"] as const;

export function recordCommand(argv: readonly string[]): Promise<number> {
  return runRoleCommand("record", {
    usage: "IMPLEMENTATION --role ROLE --send 'GET /page.html' --id ID --title TEXT",
    summary: "records an exchange with two fresh starts, infers what varies, writes a golden",
    options: [
      ["--role <name>", "the role to record: server or balancer"],
      ["--send <request>", "METHOD /PATH; Host and Connection: close are added"],
      ["--header <field>", "one more field of the request, Name: value (repeatable)"],
      ["--file <path>", "a whole request, written as in a golden, instead of --send"],
      ["--id <id>", "the case's id: RULE or RULE/VARIANT"],
      ["--title <text>", "what the case says, in a sentence"],
      ["--out <file>", "the golden, or a folder for it (default, and -: standard output)"],
      ["--force", "replace a golden that is there"],
      ["--all-fields", "also Server, Date and other fields that say nothing of the rule"],
      ["--runtime <name>", "bun, deno or node: what the reference's processes run on"],
    ],
    example: "steelyard record reference --role server --send 'GET /missing.html' " +
      "--id redirect.server.404/page --title 'A missing page gets 404'",
    run: record,
  }, joinDash(argv));
}

/** `--out -` as `--out=-`: the parser takes a lone - for another option. */
function joinDash(argv: readonly string[]): string[] {
  const at = argv.indexOf("--out");
  if (at < 0 || argv[at + 1] !== "-") return [...argv];
  return [...argv.slice(0, at), "--out=-", ...argv.slice(at + 2)];
}

async function record(
  args: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const [name, ...extra] = args;
  if (name === undefined) {
    throw new UsageError("no implementation given: a manifest, a folder, reference or peer:NAME");
  }
  if (extra.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(extra[0])}`);
  const on = oneOf(options, "runtime", RUNTIMES) ?? runtime;
  executable(on);
  const id = needed(options, "id");
  const rule = ruleFor(id, needed(options, "role"));
  const title = needed(options, "title").trim();
  if (title === "" || /[\r\n]/.test(title)) throw new UsageError("--title is one line of text");
  const lines = sentLines(options);
  const out = outPath(options, id);
  const implementation = await resolve(name, on, id, rule.role);
  const golden = await recordGolden(implementation, {
    id,
    rule,
    title,
    lines,
    allFields: options.allFields === true,
  });
  if (out === undefined) process.stdout.write(golden);
  else {
    // The file may have come while the recording ran.
    writeFileSync(out, golden, { flag: options.force === true ? "w" : "wx" });
    console.error(`wrote ${out}${placeHint(out, id, rule.role)}`);
  }
  return 0;
}

function needed(options: Record<string, unknown>, name: string): string {
  const value = text(options, name);
  if (value !== undefined) return value;
  throw new UsageError(`--${name} is missing; steelyard record --help shows an example`);
}

function ruleFor(id: string, role: string): Rule {
  const [ruleId = "", variant, more] = id.split("/");
  const rule = allRules().find((one) => one.id === ruleId);
  if (!rule) {
    const near = nearest(ruleId, allRules().map((one) => one.id));
    const hint = near ? `did you mean ${near}?` : "steelyard list --rules shows them";
    throw new UsageError(`--id ${JSON.stringify(id)} is of no rule; ${hint}`);
  }
  if (more !== undefined || (variant !== undefined && !/^[a-z0-9][a-z0-9.-]*$/.test(variant))) {
    throw new UsageError(
      `--id ${JSON.stringify(id)}: a variant is lower-case letters, digits, - and . after one /`,
    );
  }
  const system = id.split(".")[0] as string;
  const roles = recordableRoles(system);
  if (roles.length === 0) throw notRecorded(system);
  if (!roles.includes(role)) {
    throw new UsageError(
      `--role ${JSON.stringify(role)} cannot be recorded; ${roles.join(", ")} can`,
    );
  }
  if (rule.role === role) return rule;
  throw new UsageError(`--id ${id} is of the role ${rule.role}, but --role is ${role}`);
}

/** MDALP's goldens are traces: their datagrams are captured, not asked for. */
function notRecorded(system: string): UsageError {
  return new UsageError(
    `exchanges of ${system} are datagrams, which record does not record; capture them ` +
      "(tcpdump -i any -w transfer.pcapng udp port 4650) and make a golden of the capture: " +
      "steelyard trace convert transfer.pcapng transfer.trace",
  );
}

function sentLines(options: Record<string, unknown>): string[] {
  const file = text(options, "file");
  const send = text(options, "send");
  const fields = repeated(options.header);
  if ((file === undefined) === (send === undefined)) {
    throw new UsageError("give either --send 'GET /path' or --file REQUEST.http");
  }
  if (file !== undefined && fields.length > 0) {
    throw new UsageError("--header goes with --send; write the field into the file");
  }
  try {
    if (send !== undefined) return requestLines(send, fields);
    return requestFileLines(file as string, readFileSync(file as string, "utf8"));
  } catch (error) {
    if (error instanceof BadRequest) throw new UsageError(error.message);
    throw new UsageError(`--file ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Undefined for standard output. */
function outPath(options: Record<string, unknown>, id: string): string | undefined {
  const given = text(options, "out");
  if (given === undefined || given === "-") return undefined;
  const folder = existsSync(given) && statSync(given).isDirectory();
  const path = folder ? join(given, goldenFileName(id)) : given;
  if (!existsSync(path) || options.force === true) return path;
  throw new UsageError(`${path} is there already; --force replaces it`);
}

async function resolve(
  name: string,
  on: Runtime,
  id: string,
  role: string,
): Promise<Implementation> {
  const system = id.split(".")[0] as string;
  const found = await resolveImplementations([name], { on, system });
  for (const { note } of found) if (note) console.error(note);
  const one = found.find((implementation) => implementation.system === system);
  if (!one) throw new UsageError(`${name} is not of the system ${system}, which --id names`);
  if (roleOf(one, role)) return one;
  throw new UsageError(`${name} has no ${role}`);
}

function placeHint(out: string, id: string, role: string): string {
  const name = goldenFileName(id);
  if (basename(out) === name) return "";
  return `; the suite reads it as golden/${id.split(".")[0]}/${role}/${name}`;
}
