/** Reads an orchestrator's results where the manifest says: a URL or a file. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expandText } from "../engine/manifest/mod.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { CaseUnsupported } from "../engine/verdict.ts";
import type { Servers } from "./servers.ts";

/** The sentences of the published results page. */
export const RESULTS = {
  completed: "Transaction completed!",
  violation: "Transaction failed! Complete data but load balancing violation!",
  both: "Transaction failed! Load balancing violation and incomplete data!",
} as const;

export interface ResultsRead {
  /** As it is given to people. */
  readonly text: string;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
  /** Where it was read. */
  readonly where: string;
}

const FETCH_MS = 5000;

/** Throws a CaseUnsupported where the manifest does not say where results are. */
export async function readResults(context: CaseContext, servers: Servers): Promise<ResultsRead> {
  const results = roleOf(context.implementation, "orchestrator")?.results;
  if (!results) {
    throw new CaseUnsupported(
      'the manifest does not say where results are read: give "results" of the orchestrator',
    );
  }
  const { cwd, values } = servers.orchestrator;
  if (results.file !== undefined) {
    const where = expandText(results.file, values, "orchestrator");
    const path = join(cwd, where);
    if (!existsSync(path)) return { text: "", json: undefined, where: `${where} (no such file)` };
    const text = readFileSync(path, "utf8");
    return { text, json: parsed(text), where };
  }
  const where = expandText(results.url as string, values, "orchestrator");
  const [json, text] = await Promise.all([
    fetched(where, "application/json"),
    fetched(where, "text/plain"),
  ]);
  return { text, json: parsed(json), where };
}

/** Empty where nothing answers yet. */
async function fetched(url: string, accept: string): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { accept },
      signal: AbortSignal.timeout(FETCH_MS),
    });
    return await response.text();
  } catch {
    return "";
  }
}

/** Also of a file with one JSON object a line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Perhaps lines.
  }
  try {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.length === 0 ? undefined : lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

/** All that may be said of an end; the last is not among the published three. */
export const SENTENCES: readonly string[] = [
  ...Object.values(RESULTS),
  "Transaction failed! Incomplete data!",
];

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/**
 * The object of a transaction: it holds the TID itself, under whatever name, or is filed under it. Of
 * several, as in a list of events, the one that tells the end.
 */
export function transactionIn(json: unknown, tid: number): Fields | undefined {
  const found = [...objectsOf(json, tid)];
  return found.find((fields) => sentenceIn(fields) !== undefined) ?? found[0];
}

function* objectsOf(json: unknown, tid: number): Generator<Fields> {
  if (!isFields(json)) return;
  const isTid = (value: unknown) => value === tid || value === String(tid);
  if (!Array.isArray(json) && Object.values(json).some(isTid)) yield json;
  for (const [key, value] of Object.entries(json)) {
    if (!Array.isArray(json) && key === String(tid) && isFields(value)) yield value;
    yield* objectsOf(value, tid);
  }
}

/** The sentence of the result in a transaction's object, at any depth. */
export function sentenceIn(fields: unknown): string | undefined {
  if (typeof fields === "string") return SENTENCES.find((sentence) => fields.includes(sentence));
  if (!isFields(fields)) return undefined;
  for (const value of Object.values(fields)) {
    const found = sentenceIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Numbers of each receiver in a transaction's object, by the name that they have there. */
export function sharesIn(fields: Fields, receivers: number): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [name, value] of Object.entries(fields)) {
    const entries = typeof value === "object" && value !== null ? Object.values(value) : [];
    if (entries.length !== receivers) continue;
    const numbers = numbersOf(entries);
    if (numbers) found.set(name, numbers);
    if (!entries.every((entry) => typeof entry === "object" && entry !== null)) continue;
    for (const key of Object.keys(entries[0] as Fields)) {
      const column = numbersOf(entries.map((entry) => (entry as Fields)[key]));
      if (column) found.set(key, column);
    }
  }
  return found;
}

/** Numbers, also as text, in percent too; undefined where one is none. */
function numbersOf(values: readonly unknown[]): number[] | undefined {
  const numbers = values.map((value) => {
    if (typeof value === "number") return value;
    return typeof value === "string" && /^\d+(\.\d+)? ?%?$/.test(value) ? parseFloat(value) : NaN;
  });
  return numbers.some(Number.isNaN) ? undefined : numbers;
}

/** Whether some number in an object, or below it, has a name like this. */
export function hasNumber(fields: unknown, name: RegExp): boolean {
  if (typeof fields !== "object" || fields === null) return false;
  return Object.entries(fields).some(([key, value]) =>
    (name.test(key) && (typeof value === "number" || /^[\d.]+$/.test(String(value)))) ||
    hasNumber(value, name)
  );
}
