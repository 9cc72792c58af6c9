/** What tells series from one another: a colour, and for those who do not see it a symbol and a dash. */
import type { SetUpResult } from "../../results.ts";
import type { Group } from "../figures.ts";

export interface Series {
  readonly label: string;
  readonly color: string;
  readonly dash: string;
  /** Undefined for an area. */
  readonly symbol?: "circle" | "square" | "triangle" | "diamond" | "star" | "wye";
}

const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "wye"] as const;
const DASHES = ["none", "6 3", "2 2", "8 2 2 2", "4 4", "1 3"];
/** As many as the page's style has, `--c1` and on. */
export const COLORS = 8;

/** The `index`-th of a chart: dashes come again after six, with another symbol and colour. */
export function series(label: string, index: number): Series {
  return {
    label,
    color: color(index),
    dash: DASHES[index % DASHES.length] as string,
    symbol: SYMBOLS[(index + Math.floor(index / SYMBOLS.length)) % SYMBOLS.length] as "circle",
  };
}

export function color(index: number): string {
  return `var(--c${index % COLORS + 1})`;
}

/** Set-ups that can stand in one chart of lines. */
export interface Panel {
  readonly title: string;
  readonly setUps: readonly SetUpResult[];
  label(setUp: SetUpResult): string;
}

/** One for each runtime; one for all where no runtime has two. */
export function panelsOf(group: Group): Panel[] {
  const runtimes = [...new Set(group.setUps.map(({ runtime }) => runtime))];
  if (runtimes.length === group.setUps.length) {
    return [{ title: "", setUps: group.setUps, label: wholeName }];
  }
  return runtimes.map((on) => ({
    title: on,
    setUps: group.setUps.filter(({ runtime }) => runtime === on),
    label: ({ name }) => name,
  }));
}

/** With its runtime, where the name does not say it. */
export function wholeName({ name, runtime }: SetUpResult): string {
  return name.toLowerCase().includes(runtime) ? name : `${name}, ${runtime}`;
}

/** `, on bun`; nothing where a chart is of all. */
export function onRuntime({ title }: Panel): string {
  return title === "" ? "" : `, ${title}`;
}
