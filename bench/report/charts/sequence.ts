/** An MDALP transfer on its way: when each packet was sent, sent again and acknowledged. */
import * as Plot from "@observablehq/plot";
import type { SequencePoint } from "../../model.ts";
import type { SetUpResult } from "../../results.ts";
import { plural } from "../text.ts";
import type { Chart } from "./chart.ts";
import { label } from "./chart.ts";
import { color, wholeName } from "./series.ts";

/** Packets drawn at most, or the page would be megabytes: of more, evenly chosen ones. */
const PACKETS_AT_MOST = 150;

/** `receivers` are those of all set-ups of a group; undefined where this one has no sequence. */
export function sequenceChart(
  setUp: SetUpResult,
  receivers: readonly string[],
): Chart | undefined {
  const { sequence } = setUp;
  if (sequence.length === 0) return undefined;
  const own = receivers.filter((name) => sequence.some(({ receiver }) => receiver === name));
  const packets = new Set(sequence.map((one) => `${one.receiver} ${one.sequence}`)).size;
  const step = Math.ceil(packets / PACKETS_AT_MOST);
  const drawn = sequence.filter((one) => one.sequence % step === 0);
  const of = (kind: SequencePoint["kind"]) => drawn.filter((one) => one.kind === kind);
  const again = sequence.filter(({ kind }) => kind === "again").length;
  const fill = (one: SequencePoint) => color(receivers.indexOf(one.receiver));
  const position = { x: "ms", y: "sequence" } as const;
  const last = own.flatMap((receiver) => {
    const points = drawn.filter((one) => one.receiver === receiver && one.kind !== "acked");
    const end = points[points.length - 1];
    return end === undefined ? [] : [{ ...end, text: label(receiver, 10) }];
  });
  const lengthMs = Math.max(...sequence.map(({ ms }) => ms));
  return {
    title: `Time-sequence: ${wholeName(setUp)}`,
    description: `${plural(packets, "packet")} to ${own.join(", ")} in ${
      lengthMs.toFixed(0)
    } ms, ${again} sent again.`,
    note: "An open circle: sent; a dot: acknowledged; a cross: sent again." +
      (step === 1 ? "" : ` 1 packet in ${step} is drawn.`),
    keys: own.map((name) => ({
      label: `receiver ${name}`,
      color: color(receivers.indexOf(name)),
      dash: "none",
    })),
    options: {
      height: 230,
      marginLeft: 44,
      marginRight: 24,
      marginTop: 26,
      marginBottom: 40,
      x: { label: "milliseconds", zero: true, ticks: 5 },
      y: { label: "sequence number", grid: true, ticks: 5 },
      marks: [
        Plot.dot(of("sent"), { ...position, stroke: fill, r: 3.5, strokeWidth: 1.5 }),
        Plot.dot(of("acked"), { ...position, fill, r: 2.5 }),
        Plot.dot(of("again"), {
          ...position,
          symbol: "times",
          stroke: "var(--bad)",
          strokeWidth: 2,
          r: 5,
        }),
        Plot.text(last, {
          ...position,
          text: "text",
          textAnchor: "start",
          dx: 8,
          dy: -8,
          fontWeight: "bold",
        }),
      ],
    },
  };
}
