/** A set-up's value where a chart has it. */
import type { SetUpResult } from "../../results.ts";
import { figureOf } from "../figures.ts";
import type { Scale } from "../numbers.ts";

export interface Point {
  readonly id: string;
  /** In the scale's unit, as are `low` and `high`: where there is no interval, the median. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
}

/** None where there is no figure of the server. */
export function pointsOf(setUp: SetUpResult, scale: Scale): Point[] {
  const figure = figureOf(setUp);
  if (figure.kind !== "estimate") return [];
  const { median, interval } = figure;
  return [{
    id: setUp.id,
    median: median / scale.by,
    low: (interval?.low ?? median) / scale.by,
    high: (interval?.high ?? median) / scale.by,
    text: scale.write(median),
  }];
}

/** How far an axis must go. */
export function mostOf(points: readonly Point[]): number {
  return Math.max(0, ...points.map(({ high }) => high));
}
