/** What the lab's selectors print of each choice. */
import type { Selection } from "./selector.ts";

/** A random choice with its loads, as the Bash script has it; without loads, as the Python script. */
export function pickText(servers: readonly string[], { address, loads }: Selection): string {
  if (!loads) return `----\nSelected server: ${address}\n----\n`;
  const lines = servers.map((server, index) =>
    `Server ${index + 1} (${server}) load: ${loads[index]}\n`
  );
  return `-----\nSimulated random server loads:\n${lines.join("")}Selected server: ${address}\n`;
}
