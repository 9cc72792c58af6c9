/** The word of a list that was most likely meant. */

/** The nearest by edits, at most a third of the word's letters (two for short words), or null. */
export function nearMiss(word: string, list: readonly string[]): string | null {
  const bound = Math.max(2, Math.floor(word.length / 3));
  const near = list
    .map((candidate) => ({ candidate, edits: edits(word.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits <= bound && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits);
  const begun = word === "" ? undefined : list.find((candidate) => candidate.startsWith(word));
  return near[0]?.candidate ?? begun ?? null;
}

/** Levenshtein's distance, one row at a time. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
