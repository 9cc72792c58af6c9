/** The servers of a proxy or a selector, from the command line and from a file. */
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { stateAddress, UpstreamTable } from "../proxy/mod.ts";
import { UsageError } from "./usage.ts";

/**
 * The addresses as they are given, `HOST[:PORT]`; the file has one a line, and `#` comments.
 *
 * @throws {UsageError} for what is no address, and for a server that is named twice.
 */
export function readServers(args: readonly string[], config?: string): string[] {
  const servers = [...args, ...(config === undefined ? [] : configLines(config))];
  const table = new UpstreamTable();
  for (const server of servers) {
    if (stateAddress(server) === undefined) {
      const shown = JSON.stringify(server.slice(0, 80));
      const advice = isIPv6(server) ? `write it as [${server}]:80` : "as 127.0.0.1:8001";
      throw new UsageError(`${shown} is not HOST[:PORT] with a port in 1..65535; ${advice}`);
    }
    const before = table.all().length;
    const { name } = table.at(server);
    if (table.all().length === before) throw new UsageError(`${name} is given twice; name it once`);
  }
  return servers;
}

function configLines(path: string): string[] {
  const shown = JSON.stringify(path);
  const lines = readConfig(path).split(/\r?\n/)
    .map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  if (lines.length > 0) return lines;
  throw new UsageError(`--config ${shown} lists no servers; write one HOST[:PORT] a line`);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    const why = WHY[code] ?? "cannot be read";
    throw new UsageError(
      `--config ${JSON.stringify(path)}: ${code}: it ${why}; give a file of servers`,
    );
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "is not there",
  ENOTDIR: "is not there",
  EISDIR: "is a folder",
  EACCES: "may not be read",
};
