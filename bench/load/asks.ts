/** From a URL to what is asked there. */
import { Buffer } from "node:buffer";
import { hostField, writeRequestHead } from "../../src/http1/mod.ts";
import type { HttpUrl } from "../../src/http1/mod.ts";
import type { Ask } from "./link.ts";
import type { Wanted } from "./wanted.ts";

/** A GET; one that is not to keep the connection says so. */
export function askFor(
  url: HttpUrl,
  keepAlive: boolean,
  wanted: Wanted,
  authority: string = hostField(url),
): Ask {
  const fields = [{ name: "Host", value: authority }];
  if (!keepAlive) fields.push({ name: "Connection", value: "close" });
  const message = Buffer.from(writeRequestHead("GET", url.target, fields), "latin1");
  const { host, port } = url;
  return { url: `http://${host}:${port}${url.target}`, host, port, message, wanted };
}
