/** Lines for a terminal, painted or not. */
import { $ } from "kleur/colors";

export interface TableOptions {
  /** The terminal's width; 0 where there is none. */
  readonly columns: number;
  readonly color: boolean;
}

const WIDTH_WITHOUT_TERMINAL = 80;
const NARROWEST = 40;
const WIDEST = 100;

/** `lines` makes them, with kleur, for a width from 40 to 100. */
export function painted(
  { columns, color }: TableOptions,
  lines: (columns: number) => string[],
): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns || WIDTH_WITHOUT_TERMINAL));
  // kleur looks at the environment and standard output when it is loaded; the caller knows better.
  const before = $.enabled;
  $.enabled = color;
  try {
    return lines(width).join("\n") + "\n";
  } finally {
    $.enabled = before;
  }
}
