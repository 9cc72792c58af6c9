/** A table before it is text, Markdown or HTML. */

export type Tone = "good" | "bad" | "warn" | "quiet";

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Told in a line of its own where the width does not suffice for all columns. */
  readonly below?: boolean;
  /** Of sentences, which may be broken into lines. */
  readonly prose?: boolean;
}

/** A row has a cell for each column; the first one names it. Text is not yet escaped. */
export interface Grid {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | Cell)[])[];
}

export function cellOf(cell: string | Cell | undefined): Cell {
  return typeof cell === "object" ? cell : { text: cell ?? "" };
}

/** Without the columns that are empty in every row. */
export function withoutEmpty(grid: Grid): Grid {
  const kept = grid.columns.map((_, i) => grid.rows.some((row) => cellOf(row[i]).text !== ""));
  return {
    ...grid,
    columns: grid.columns.filter((_, i) => kept[i]),
    rows: grid.rows.map((row) => row.filter((_, i) => kept[i])),
  };
}
