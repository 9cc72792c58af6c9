/** The statistics as the lab's proxy prints them; source: its appendix 3, `log_stats`. */
import type { Usage } from "./usage.ts";

/** The whole block, with the empty lines around it. */
export function usageText({ upstreams }: Usage): string {
  const lines = upstreams.map(({ label, requests }) =>
    `${printable(label)}: ${requests} requests\n`
  );
  return `\n=== Server Usage Stats ===\n${lines.join("")}========\n\n`;
}

/** Nothing here drives a terminal. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
