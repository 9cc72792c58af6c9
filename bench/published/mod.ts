/** The published tables beside ours. A new source is its data, its table and a line here. */
import { gridText } from "../report/grid-text.ts";
import { painted } from "../report/painted.ts";
import type { TableOptions } from "../report/painted.ts";
import { wrapped } from "../report/text.ts";
import type { Results } from "../results.ts";
import { mdalpTable } from "./mdalp-table.ts";
import { proxyTable } from "./proxy-table.ts";
import type { PublishedSection } from "./section.ts";

export { mdalpTable, proxyTable };
export type { PublishedSection };

export const PUBLISHED = { proxy: proxyTable, mdalp: mdalpTable } as const;

export type PublishedSource = keyof typeof PUBLISHED;

/** Those of which this run has measured something to stand beside them. */
export function publishedSections(results: Results): PublishedSection[] {
  return Object.values(PUBLISHED).map((table) => table(results)).filter(({ ours }) =>
    ours.length > 0
  );
}

/** A source's tables for a terminal, theirs and ours. */
export function tableFor(
  source: PublishedSource,
  results: Results,
  options: TableOptions = { columns: 80, color: false },
): string {
  const { title, note, published, ours } = PUBLISHED[source](results);
  return painted(options, (columns) => [
    title,
    "",
    ...[...published, ...ours].flatMap((grid) => [...gridText(grid, columns), ""]),
    ...(ours.length === 0 ? ["ours: this run has measured no such set-ups", ""] : []),
    ...wrapped(note, columns),
  ]);
}
