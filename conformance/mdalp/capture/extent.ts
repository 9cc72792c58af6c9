/** The least and the most of numbers, also of more than fit into one call of Math.max. */

export interface Extent {
  readonly least: number;
  readonly most: number;
}

/** Undefined for no numbers. */
export function extent(values: Iterable<number>): Extent | undefined {
  let found: Extent | undefined;
  for (const value of values) {
    found = found
      ? { least: Math.min(found.least, value), most: Math.max(found.most, value) }
      : { least: value, most: value };
  }
  return found;
}
