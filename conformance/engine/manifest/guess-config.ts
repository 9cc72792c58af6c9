/**
 * The file that a balancer's source seems to read its servers from.
 */
import { outsideProblem } from "./inside.ts";

/** A quoted name such as "config.txt", 'servers.conf' or "./backend_list.json". */
const CONFIG_NAME =
  /(["'])((?:[\w.-]+\/)*[\w.-]*(?:conf|server|backend|upstream|host|address)[\w.-]*\.(?:txt|cfg|conf|ini|list|dat|csv|json))\1/gi;

/**
 * Templates by file name, or undefined when the source names no such file.
 *
 * Source: spec redirect: some balancers read a file with one `host:port` per line.
 */
export function configFilesIn(source: string): Record<string, string> | undefined {
  const files: Record<string, string> = {};
  for (const match of source.matchAll(CONFIG_NAME)) {
    const name = match[2]!;
    if (outsideProblem(name) !== undefined) continue;
    files[name] = name.toLowerCase().endsWith(".json") ? "{servers:json}" : "{servers:lines}";
  }
  return Object.keys(files).length === 0 ? undefined : files;
}
