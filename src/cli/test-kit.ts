/** What the tests of commands share: a command run in this process, and what it printed. */
import process from "node:process";
import { main } from "./commands.ts";

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `steelyard` with these arguments. */
export async function steelyard(...argv: string[]): Promise<Printed> {
  const { log, error } = console;
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  const out: string[] = [];
  const err: string[] = [];
  console.log = (text = "") => void out.push(`${text}\n`);
  console.error = (text = "") => void err.push(`${text}\n`);
  stdout.write = (text: string | Uint8Array) => out.push(String(text)) > 0;
  stderr.write = (text: string | Uint8Array) => err.push(String(text)) > 0;
  try {
    const code = await main(argv);
    return { code, stdout: out.join(""), stderr: err.join("") };
  } finally {
    console.log = log;
    console.error = error;
    [stdout.write, stderr.write] = writes;
  }
}
