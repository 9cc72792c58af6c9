/**
 * A manifest for a folder that has none, by the names of its files.
 *
 * Source: DESIGN, "Manifest": what was guessed is printed as a manifest to keep.
 */
import { open, readdir } from "node:fs/promises";
import { basename, extname, join, normalize, resolve } from "node:path";
import { readsArguments } from "./guess-arguments.ts";
import { configFilesIn } from "./guess-config.ts";
import { clientArgumentsIn, singleModeIn } from "./guess-flags.ts";
import { ROLE_GUESSES, type RoleGuess } from "./guess-table.ts";
import { SCHEMA_ID } from "./json-schema.ts";
import { MANIFEST_NAME } from "./load.ts";
import { ManifestError, plain, show } from "./manifest-error.ts";
import { parseManifest } from "./parse.ts";
import { type Manifest, type RoleSpec, type System, SYSTEMS } from "./schema.ts";

export interface GuessedManifest {
  readonly manifest: Manifest;
  /** The manifest as JSON, to be kept as `steelyard.json`. */
  readonly print: string;
}

interface Match {
  readonly guess: RoleGuess;
  readonly file: string;
  readonly program: readonly string[];
}

const INTERPRETERS: Readonly<Record<string, string>> = {
  ".py": "python3",
  ".js": "node",
  ".mjs": "node",
  ".ts": "node",
};

/** The start of a file, at most this many bytes: a program's source, not its data. */
const READ_BYTES = 1024 * 1024;

async function head(path: string, bytes: number): Promise<{ text: string; mode: number }> {
  const handle = await open(path);
  try {
    const { mode } = await handle.stat();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return { text: buffer.toString("latin1", 0, bytesRead), mode };
  } finally {
    await handle.close();
  }
}

/** How a file is run, or undefined: the x bit alone is no sign, archives often set it on all files. */
async function programOf(folder: string, file: string): Promise<string[] | undefined> {
  const interpreter = INTERPRETERS[extname(file).toLowerCase()];
  if (interpreter !== undefined) return [interpreter, file];
  const { text, mode } = await head(join(folder, file), 4);
  const isProgram = text.startsWith("#!") || text === "\x7fELF";
  return isProgram && (mode & 0o111) !== 0 ? [`./${file}`] : undefined;
}

async function fileNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
}

async function findMatches(folder: string, guesses: readonly RoleGuess[]): Promise<Match[]> {
  const matches: Match[] = [];
  for (const file of await fileNames(folder)) {
    const name = file.toLowerCase();
    const fitting = guesses.filter(({ stems }) => stems.some((stem) => name.startsWith(stem)));
    if (fitting.length === 0) continue;
    const program = await programOf(folder, file);
    if (program === undefined) continue;
    for (const guess of fitting) matches.push({ guess, file, program });
  }
  return matches;
}

/** The system that most roles were found of; a tie is the user's to break. */
function mostLikely(matches: readonly Match[], label: string): System {
  const rolesOf = (system: System) =>
    new Set(matches.filter((match) => match.guess.system === system).map(({ guess }) => guess.role))
      .size;
  const most = Math.max(...SYSTEMS.map(rolesOf));
  const [first, ...others] = SYSTEMS.filter((system) => rolesOf(system) === most);
  if (first !== undefined && others.length === 0) return first;
  throw new ManifestError(
    "not-found",
    `${label}: the files could be of ${[first, ...others].join(" or ")}; ` +
      `say which with --system, or write a ${MANIFEST_NAME}`,
  );
}

function ambiguities(matches: readonly Match[], label: string): string[] {
  return [...new Set(matches.map(({ guess }) => guess.role))].flatMap((role) => {
    const files = matches.filter(({ guess }) => guess.role === role).map(({ file }) => show(file));
    if (files.length === 1) return [];
    return [
      `${label}: role ${role} could be ${files.join(" or ")}; ` +
      `write a ${MANIFEST_NAME} that says which`,
    ];
  });
}

/** What only the source tells of some roles. */
async function specOf(folder: string, { guess, file, program }: Match): Promise<RoleSpec> {
  const spec: RoleSpec = { run: [...program, ...guess.arguments], ...guess.spec };
  const source = async () => (await head(join(folder, file), READ_BYTES)).text;
  switch (`${guess.system}.${guess.role}`) {
    case "redirect.balancer": {
      const files = configFilesIn(await source());
      return files === undefined ? spec : { ...spec, files };
    }
    case "proxy.proxy":
    case "proxy.selector":
      // Without {state} in its command the suite writes and reads the lab's /tmp/selected_server.
      return readsArguments(await source()) ? spec : { ...spec, run: [...program] };
    case "mdalp.client":
      return clientSpec(spec, program, await source());
    default:
      return spec;
  }
}

function clientSpec(spec: RoleSpec, program: readonly string[], source: string): RoleSpec {
  const args = clientArgumentsIn(source);
  const run = args === undefined ? spec.run : [...program, ...args];
  const single = singleModeIn(source);
  return single === undefined
    ? { ...spec, run }
    : { ...spec, run, modes: { single: [...run, ...single] } };
}

/**
 * Guesses how the programs of a folder are started.
 *
 * @param system Which of the systems it is, when that is known.
 * @throws {ManifestError} `not-found`: no file fits, or it could be of several systems; `invalid`: two files fit one
 * role; `unreadable`.
 */
export async function guessManifest(folder: string, system?: System): Promise<GuessedManifest> {
  const label = plain(normalize(folder));
  const guesses = ROLE_GUESSES.filter((guess) => system === undefined || guess.system === system);
  const matches = await findMatches(folder, guesses).catch((error) => {
    throw new ManifestError("unreadable", `${label}: cannot be read (${plain(error.message)})`);
  });
  if (matches.length === 0) {
    const names = guesses.flatMap(({ stems }) => stems.slice(0, 1)).map((stem) => `${stem}*.py`);
    throw new ManifestError(
      "not-found",
      `${label}: has no ${MANIFEST_NAME}, and no program named ${[...new Set(names)].join(", ")} ` +
        `(.js and .ts too, or executable); write a ${MANIFEST_NAME}`,
    );
  }
  const chosen = system ?? mostLikely(matches, label);
  const ofSystem = matches.filter(({ guess }) => guess.system === chosen);
  const problems = ambiguities(ofSystem, label);
  if (problems.length > 0) throw new ManifestError("invalid", problems);

  // In the table's order, so that a manifest reads the same however the files are called.
  ofSystem.sort((a, b) => guesses.indexOf(a.guess) - guesses.indexOf(b.guess));
  const roles: Record<string, RoleSpec> = {};
  for (const match of ofSystem) roles[match.guess.role] = await specOf(folder, match);
  const name = basename(resolve(folder)) || "submission";
  const draft = { $schema: SCHEMA_ID, name, system: chosen, roles };
  const manifest = parseManifest(draft, label, { ruleIds: [], caseIds: [] });
  return { manifest, print: JSON.stringify(manifest, null, 2) + "\n" };
}
