/** Many waits at a time, but not all of them. */

/** Runs `work` for each item, `most` at a time, and gives the outcomes in the items' order. */
export async function bounded<Item, Outcome>(
  items: readonly Item[],
  most: number,
  work: (item: Item, lane: number) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const lane = async (_: unknown, number: number) => {
    while (next < items.length) {
      const at = next++;
      outcomes[at] = await work(items[at] as Item, number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return outcomes;
}
