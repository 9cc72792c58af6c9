/**
 * Manifests of implementations under test: reading, guessing, and filling in their placeholders.
 *
 * @module
 */
export { checkReferences, type KnownIds } from "./check.ts";
export { digestFolder, IGNORED_FOLDERS, MOST_BYTES, MOST_FILES } from "./digest.ts";
export { type GuessedManifest, guessManifest } from "./guess.ts";
export { outsideProblem } from "./inside.ts";
export { type JsonSchema, manifestJsonSchema, SCHEMA_ID } from "./json-schema.ts";
export { type LoadedManifest, loadManifest, MANIFEST_NAME } from "./load.ts";
export { ManifestError, type ManifestErrorCode } from "./manifest-error.ts";
export { nearest } from "./near-miss.ts";
export { parseManifest } from "./parse.ts";
export { JOINS, PLACEHOLDERS } from "./placeholder-parse.ts";
export { expandArguments, expandText, type Value, type Values } from "./placeholders.ts";
export {
  type Manifest,
  ManifestSchema,
  ROLES,
  RoleSchema,
  type RoleSpec,
  type System,
  SYSTEMS,
} from "./schema.ts";
