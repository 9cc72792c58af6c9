/** The files that are transferred: small ones from golden/files, a large one made from a seed. */
import { Buffer } from "node:buffer";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "./package.ts";

const FOLDER = join(packageRoot, "golden", "files");
export const LARGE_BYTES = 16 * 1024 * 1024;

/** What lies outside the served folder and must never be seen. */
export const SECRET = "steelyard-secret-outside-the-root";

/** The large file's words, by xorshift32 from a fixed seed: the digest is in SHA256SUMS. */
export function largeFile(): Buffer {
  large ??= makeLarge();
  return large;
}

let large: Buffer | undefined;

function makeLarge(): Buffer {
  const words = new Uint32Array(LARGE_BYTES / 4);
  let state = 0x5ee17a4d;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return Buffer.from(words.buffer);
}

const cache = new Map<string, Buffer>();

/** A fixture's bytes by its name; throws for a name that is none. */
export function fixture(name: string): Buffer {
  if (name === "large.bin") return largeFile();
  let bytes = cache.get(name);
  if (!bytes) cache.set(name, bytes = readFileSync(join(FOLDER, name)));
  return bytes;
}

/** Path below the served folder, and the fixture that lies there. */
const SERVED: readonly (readonly [path: string, name: string])[] = [
  ["page.html", "page.html"],
  ["index.html", "page.html"],
  ["test.html", "page.html"],
  ["picture.png", "picture.png"],
  ["every-byte.bin", "every-byte.bin"],
  ["empty.txt", "empty.txt"],
  ["crlf-ends.txt", "crlf-ends.txt"],
  ["notes.txt", "notes.txt"],
  ["files/nested/page.html", "page.html"],
  ["with space.txt", "notes.txt"],
  ["h\u00f6flich.txt", "notes.txt"],
];

/**
 * Makes a folder to serve at `root`: the fixtures, links that lead out, and beside the root what
 * must not be served.
 */
export function makeRoot(root: string, options: { readonly large?: boolean } = {}): void {
  mkdirSync(root, { recursive: true });
  for (const [path, name] of SERVED) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(FOLDER, name), target);
  }
  if (options.large) placeLarge(join(root, "large.bin"));
  const outside = join(dirname(root), "outside");
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, "secret.txt"), `${SECRET}\n`);
  writeFileSync(join(dirname(root), "secret.txt"), `${SECRET}\n`);
  symlinkSync(join(outside, "secret.txt"), join(root, "link.txt"));
  symlinkSync(outside, join(root, "linked"));
}

let placed: string | undefined;

/** A hard link to the first copy where that is possible: no case writes to it. */
function placeLarge(path: string): void {
  try {
    if (placed) return linkSync(placed, path);
  } catch {
    // The first copy went with its case.
  }
  writeFileSync(path, largeFile());
  placed = path;
}
