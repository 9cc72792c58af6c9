/** What `check` is pointed at, resolved: a manifest, whose folder, by which name. */
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Runtime } from "../../../src/net/mod.ts";
import { guessManifest, loadManifest, ManifestError } from "../manifest/mod.ts";
import type { Manifest, RoleSpec } from "../manifest/mod.ts";

export interface Implementation {
  /** What the command line calls it. */
  readonly given: string;
  readonly name: string;
  readonly system: string;
  readonly manifest: Manifest;
  /** The folder that is copied for each case; undefined for programs of our own. */
  readonly folder: string | undefined;
  readonly digest: string;
  /** The manifest's path, or what stands for it. */
  readonly manifestPath: string;
  /** A note for the user: the manifest that was guessed. */
  readonly note?: string;
}

export interface KnownIds {
  readonly ruleIds: readonly string[];
  readonly caseIds: readonly string[];
}

/** A manifest of our own: the reference or a mutant. */
export function ownImplementation(given: string, manifest: Manifest, on: Runtime): Implementation {
  const text = JSON.stringify(manifest);
  return {
    given,
    name: `${manifest.name} on ${on}`,
    system: manifest.system,
    manifest,
    folder: undefined,
    digest: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    manifestPath: given,
  };
}

/** A manifest file, or a folder with or without one. Throws a ManifestError. */
export async function loadImplementation(
  path: string,
  known: KnownIds,
  system?: string,
): Promise<Implementation> {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new ManifestError(
      "not-found",
      `${path} does not exist; give a manifest, a folder, reference, peer:NAME or mutant:NAME`,
    );
  }
  const folder = statSync(full).isDirectory();
  if (folder && !existsSync(join(full, "steelyard.json"))) {
    const guessed = await guessManifest(full, system as Manifest["system"] | undefined);
    return {
      given: path,
      name: guessed.manifest.name,
      system: guessed.manifest.system,
      manifest: guessed.manifest,
      folder: full,
      digest: "sha256:" +
        createHash("sha256").update(JSON.stringify(guessed.manifest)).digest("hex"),
      manifestPath: `${path} (guessed)`,
      note: `no steelyard.json in ${path}; guessed from the file names, keep it if it is right:\n` +
        guessed.print,
    };
  }
  const loaded = await loadManifest(full, {
    ruleIds: [...known.ruleIds],
    caseIds: [...known.caseIds],
  });
  return {
    given: path,
    name: loaded.manifest.name,
    system: loaded.manifest.system,
    manifest: loaded.manifest,
    folder: loaded.folder,
    digest: loaded.digest,
    manifestPath: loaded.path,
  };
}

export function roleOf(implementation: Implementation, role: string): RoleSpec | undefined {
  return (implementation.manifest.roles as Record<string, RoleSpec | undefined>)[role];
}
