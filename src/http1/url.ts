/** `http` URLs and percent-encoding, kept apart from WHATWG's URL, which normalises what is judged here. */
import { Http1Error } from "./message.ts";

export interface HttpUrl {
  readonly host: string;
  readonly port: number;
  /** Path and query as given; at least `/`. */
  readonly target: string;
}

const ABSOLUTE =
  /^http:\/\/(?:[^/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[^/?#:@\s]+)(?::(\d{0,5}))?([/?][^#]*)?(?:#.*)?$/i;

/** Reads `http://HOST[:PORT][/PATH][?QUERY]`; the fragment is dropped. */
export function parseHttpUrl(text: string): HttpUrl {
  const match = ABSOLUTE.exec(text);
  if (!match) {
    throw new Http1Error("bad-url", `${quote(text)} is not http://HOST[:PORT]/PATH`);
  }
  const port = match[2] ? Number(match[2]) : 80;
  if (port < 1 || port > 65535) {
    throw new Http1Error("bad-url", `${quote(text)}: port ${port} is not in 1..65535`);
  }
  const rest = match[3] ?? "/";
  const target = encodeTarget(rest.startsWith("/") ? rest : `/${rest}`);
  return { host: (match[1] as string).replace(/^\[|\]$/g, ""), port, target };
}

/** A Location against the URL it came from: RFC 3986, section 5, for `http`. */
export function resolveLocation(base: HttpUrl, location: string): HttpUrl {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return parseHttpUrl(location);
  if (location.startsWith("//")) return parseHttpUrl(`http:${location}`);
  const [path] = location.split("#");
  if (path === undefined || path === "") return base;
  if (path.startsWith("/")) return { ...base, target: encodeTarget(removeDots(path)) };
  const [basePath = "/"] = base.target.split("?");
  if (path.startsWith("?")) return { ...base, target: encodeTarget(basePath + path) };
  const folder = basePath.slice(0, basePath.lastIndexOf("/") + 1);
  return { ...base, target: encodeTarget(removeDots(folder + path)) };
}

/** The authority for a Host field. */
export function hostField(url: Pick<HttpUrl, "host" | "port">): string {
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  return url.port === 80 ? host : `${host}:${url.port}`;
}

/** Percent-decodes a path; undefined where an escape is broken or the bytes are not UTF-8. */
export function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Escapes what may not stand in a request target, and leaves what is escaped already. */
function encodeTarget(target: string): string {
  return target.replace(/[^\x21-\x7e]+/gu, (part) => encodeURIComponent(part));
}

function removeDots(target: string): string {
  const [path = "", query] = splitOnce(target, "?");
  const out: string[] = [];
  const parts = path.split("/");
  parts.forEach((part, index) => {
    const last = index === parts.length - 1;
    if (part === "..") {
      if (out.length > 1) out.pop();
      if (last) out.push("");
    } else if (part !== ".") out.push(part);
    else if (last) out.push("");
  });
  const joined = out.join("/");
  return (joined.startsWith("/") ? joined : `/${joined}`) +
    (query === undefined ? "" : `?${query}`);
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
