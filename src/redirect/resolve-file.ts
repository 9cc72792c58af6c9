/**
 * From a request target to a file below a root, and never to one outside: rules
 * redirect.server.stays-in-root and redirect.server.links.
 */
import { closeSync, fstatSync, openSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { decodePath } from "../http1/mod.ts";

export interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The path below the root that a target names, with `/` between parts; undefined for none. */
export function targetPath(target: string): string | undefined {
  const absolute = /^http:\/\/[^/?#]*(.*)$/i.exec(target);
  const path = (absolute ? absolute[1] as string : target).split(/[?#]/, 1)[0] || "/";
  if (!path.startsWith("/")) return undefined;
  const decoded = decodePath(path);
  if (decoded === undefined || decoded.includes("\0")) return undefined;
  const parts = decoded.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return undefined;
  return parts.join("/") + (decoded.endsWith("/") && parts.length > 0 ? "/" : "");
}

/** Opens the file that a target names; undefined when there is none to be served. */
export function openTarget(realRoot: string, target: string): OpenFile | undefined {
  const path = targetPath(target);
  if (path === undefined) return undefined;
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  try {
    // The real path, so that neither a link nor a `..` in one leads out of the root.
    const real = realpathSync(join(realRoot, file));
    if (!real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return undefined;
    return openRegular(real);
  } catch {
    return undefined;
  }
}

function openRegular(path: string): OpenFile | undefined {
  const descriptor = openSync(path, "r");
  const status = fstatSync(descriptor);
  if (status.isFile()) return { descriptor, path, size: status.size };
  closeSync(descriptor);
  return undefined;
}
