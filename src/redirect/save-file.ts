/** Saves a download under a name that stays in its folder, and leaves nothing half done. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { decodePath } from "../http1/mod.ts";

/** The last part of a target's path, or `index.html`; never a way out of the folder. */
export function fileName(target: string): string {
  const path = target.split(/[?#]/, 1)[0] as string;
  const last = path.slice(path.lastIndexOf("/") + 1);
  const decoded = decodePath(last) ?? last;
  if (last === "" || decoded === "." || decoded === "..") return "index.html";
  // An escaped slash or a control character stays escaped: it is no part of a name.
  return /[/\\\x00-\x1f\x7f]/.test(decoded) ? last : decoded;
}

/** A file that appears under its name only when it is whole. */
export class PartialFile {
  readonly path: string;
  readonly #partial: string;
  readonly #descriptor: number;
  #open = true;
  /** Bytes written so far. */
  size = 0;

  constructor(folder: string, name: string) {
    this.path = join(folder, name);
    this.#partial = join(folder, `.${name.slice(0, 200)}.${process.pid}.part`);
    this.#descriptor = openSync(this.#partial, "wx");
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
    this.size += bytes.length;
  }

  keep(): void {
    this.#close();
    renameSync(this.#partial, this.path);
  }

  discard(): void {
    this.#close();
    rmSync(this.#partial, { force: true });
  }

  #close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}
