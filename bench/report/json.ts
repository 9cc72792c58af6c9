/** The results as JSON, with every raw round; schema `steelyard/bench/1`. */
import type { Results } from "../results.ts";

export function json(results: Results): string {
  return JSON.stringify(results, null, 2) + "\n";
}
