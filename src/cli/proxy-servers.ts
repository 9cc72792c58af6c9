/** The servers of a proxy or a selector, from the command line and from a file. */
import { readFileSync } from "node:fs";
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
      throw new UsageError(`${shown} is not HOST[:PORT] with a port in 1..65535`);
    }
    const before = table.all().length;
    const { name } = table.at(server);
    if (table.all().length === before) throw new UsageError(`${name} is given twice; name it once`);
  }
  return servers;
}

function configLines(path: string): string[] {
  try {
    const lines = readFileSync(path, "utf8").split(/\r?\n/);
    return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  } catch (error) {
    throw new UsageError(`--config ${path}: ${(error as Error).message}`);
  }
}
