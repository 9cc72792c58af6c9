/**
 * Implementations by other people that are put under test: the manifests of this folder.
 *
 * A new peer is a manifest `NAME.json` here, and an entry in `NEEDS` where a launcher starts its program.
 */
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LaunchError } from "../engine/process/errors.ts";
import { findProgram } from "../engine/process/launch.ts";

/** What this module reads of a manifest. */
export interface PeerManifest {
  readonly name: string;
  readonly roles: Readonly<
    Record<
      string,
      | {
        readonly run: readonly string[];
        readonly modes?: Readonly<Record<string, readonly string[]>> | undefined;
      }
      | undefined
    >
  >;
}

/** Programs that a peer's launcher starts, so that its `run` does not name them. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  nginx: ["nginx"],
  haproxy: ["haproxy"],
  "nginx-proxy": ["nginx"],
  "haproxy-proxy": ["haproxy"],
  "caddy-proxy": ["caddy"],
};

/** Where Debian keeps servers, which the PATH of an ordinary user leaves out. The launchers look there too. */
const SERVER_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The folder of the manifests: beside this file, or, seen from the built `dist/`, where the package has it. */
const FOLDER = ["./", "../conformance/peers/"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(join(folder, "nginx.json"))) ??
  fileURLToPath(new URL("./", import.meta.url));

/** The names of all peers, sorted. */
export function peerNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/**
 * The path of a peer's manifest.
 *
 * @throws {RangeError} when there is no such peer.
 */
export function peerManifestPath(name: string): string {
  const names = peerNames();
  if (names.includes(name)) return join(FOLDER, `${name}.json`);
  throw new RangeError(
    `unknown peer ${JSON.stringify(name.slice(0, 80))}; peers are ${names.join(", ")}`,
  );
}

/** The programs that a peer needs and that are not there, each once; empty when it can run on this machine. */
export function missingPrograms(
  manifest: PeerManifest,
  isThere: (program: string) => boolean = isInstalled,
): string[] {
  const programs = new Set(NEEDS[manifest.name] ?? []);
  for (const role of Object.values(manifest.roles)) {
    if (role === undefined) continue;
    for (const [program] of [role.run, ...Object.values(role.modes ?? {})]) {
      // With a slash it is a file of the peer's own folder, or an absolute path that is no package's.
      if (program !== undefined && !program.includes("/")) programs.add(program);
    }
  }
  return [...programs].filter((program) => !isThere(program));
}

function isInstalled(program: string): boolean {
  const path = [process.env.PATH ?? "", ...SERVER_FOLDERS].join(delimiter);
  try {
    findProgram(program, FOLDER, path);
    return true;
  } catch (error) {
    if (error instanceof LaunchError) return false;
    throw error;
  }
}
