/**
 * A time-sequence picture as one SVG with nothing outside of it: time to the right, a lane for each
 * party with the client's line above and the party's below, a line for each datagram. What a colour
 * says, a shape says too.
 */
import { plural } from "../../report/text.ts";
import type { Datagram } from "./datagrams.ts";
import { sequenceOf } from "./sequence-marks.ts";
import type { Lane, Mark, MarkKind } from "./sequence-marks.ts";

const WIDTH = 960;
const LEFT = 170;
const RIGHT = 24;
const LANE_HEIGHT = 92;
const LINE_HEIGHT = 18;
/** Between the client's line and the party's. */
const GAP = 50;

/** The picture of a client's exchange; the title is any text. */
export function timeSequenceSvg(datagrams: readonly Datagram[], title: string): string {
  const { lanes, lengthS, notes } = sequenceOf(datagrams);
  const top = 34 + notes.length * LINE_HEIGHT;
  const axisY = top + lanes.length * LANE_HEIGHT + 8;
  const height = axisY + 40 + LEGEND.length * LINE_HEIGHT;
  // Times are known to the microsecond; a smaller span has no ticks that could be told apart.
  const spanS = lengthS < 1e-6 ? 1 : lengthS;
  const x = (atS: number) => LEFT + Math.min(1, Math.max(0, atS / spanS)) * (WIDTH - LEFT - RIGHT);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="steelyard-sequence" role="img"` +
    ` viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    text(12, 22, title, "heading"),
    ...notes.map((note, i) => text(12, 22 + (i + 1) * LINE_HEIGHT, note, "quiet")),
    // First, or they would cross the labels.
    ...axis(spanS, axisY, top, x),
    ...lanes.flatMap((lane, i) => laneParts(lane, top + i * LANE_HEIGHT + 20, x)),
    ...(lanes.length === 0 ? [text(12, top, "no datagram of MDALP", "quiet")] : []),
    ...LEGEND.flatMap((row, i) => legendRow(row, axisY + 44 + i * LINE_HEIGHT)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

type Scale = (atS: number) => number;

function laneParts({ party, marks }: Lane, y: number, x: Scale): string[] {
  const count = (kind: MarkKind) => marks.filter((mark) => mark.kind === kind).length;
  const packets = count("data");
  const facts = packets > 0 ? `${plural(packets, "packet")}, ${count("again")} again` : "";
  const slantS = usualHalfS(marks);
  let labelledTo = 0;
  const labels = marks.flatMap((mark) => {
    if (!mark.outgoing || mark.seq === undefined) return [];
    const label = mark.kind === "again" ? `R ${mark.seq}` : String(mark.seq);
    const at = x(mark.atS);
    // A copy is always named: it is what one looks for.
    if (mark.kind !== "again" && at < labelledTo) return [];
    labelledTo = at + label.length * 7 + 4;
    return [text(at, y - 7, label, mark.kind === "again" ? "again-label" : "seq")];
  });
  return [
    text(12, y + 4, "client", "quiet"),
    text(12, y + GAP + 4, party, "party"),
    ...(facts === "" ? [] : [text(12, y + GAP + 18, facts, "quiet")]),
    line("rail", LEFT, y, WIDTH - RIGHT, y),
    line("rail", LEFT, y + GAP, WIDTH - RIGHT, y + GAP),
    ...marks.map((mark) => drawn(mark, y, x, slantS)),
    ...labels,
  ];
}

/** Half of the middle round trip: what is drawn where no answer tells more. */
function usualHalfS(marks: readonly Mark[]): number | undefined {
  const halves = marks.flatMap(({ outgoing, atS, otherS }) =>
    outgoing && otherS !== undefined ? [otherS - atS] : []
  ).sort((a, b) => a - b);
  return halves[Math.floor(halves.length / 2)];
}

function drawn(mark: Mark, y: number, x: Scale, slantS: number | undefined): string {
  const { atS, outgoing, kind } = mark;
  const near = x(atS);
  const slant = slantS === undefined ? 6 : x(slantS) - LEFT;
  const far = mark.otherS === undefined
    ? Math.min(WIDTH - RIGHT, Math.max(LEFT, near + (outgoing ? slant : -slant)))
    : x(mark.otherS);
  // What got no answer ends on its way: nobody saw how far it came.
  const reach = mark.unanswered ? 0.6 : 1;
  const [endX, endY] = [near + (far - near) * reach, y + GAP * reach];
  const shapes = [line(kind, near, y, endX, endY)];
  if (mark.unanswered) shapes.push(cross(endX, endY));
  if (kind === "again") shapes.push(diamond(near, y));
  if (kind === "odd") shapes.push(square(near, y));
  const when = `${atS.toFixed(3)} s`;
  const fate = mark.unanswered ? ", no ack came" : "";
  return `<g><title>${escape(`${when}: ${NAMES[kind]}${fate}: ${mark.about}`)}</title>${
    shapes.join("")
  }</g>`;
}

const NAMES: Readonly<Record<MarkKind, string>> = {
  intent: "intent",
  plan: "plan",
  data: "data packet",
  again: "data packet sent again",
  ack: "ack",
  odd: "no message that was due",
};

function axis(spanS: number, y: number, top: number, x: Scale): string[] {
  const step = tickStepS(spanS);
  const ticks = Array.from({ length: Math.floor(spanS / step + 1e-9) + 1 }, (_, i) => i * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return [
    line("axis", LEFT, y, WIDTH - RIGHT, y),
    ...ticks.flatMap((at) => [
      line("grid", x(at), top, x(at), y),
      line("axis", x(at), y, x(at), y + 4),
      text(x(at), y + 16, at.toFixed(digits), "tick"),
    ]),
    text(12, y + 16, "time in s", "quiet"),
  ];
}

/** 1, 2 or 5 times a power of ten, for at most about ten ticks. */
function tickStepS(spanS: number): number {
  const rough = spanS / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
}

type LegendEntry = readonly [sample: (x: number, y: number) => string, label: string];

const LEGEND: readonly (readonly LegendEntry[])[] = [
  [
    [(x, y) => line("data", x, y, x + 24, y), "data packet, with its SEQ"],
    [(x, y) => line("again", x, y, x + 24, y) + diamond(x, y), "sent again (R SEQ)"],
    [(x, y) => line("data", x, y, x + 20, y) + cross(x + 20, y), "no ack: it or its ack was lost"],
  ],
  [
    [(x, y) => line("ack", x, y, x + 24, y), "ack"],
    [(x, y) => line("plan", x, y, x + 24, y), "intent and plan"],
    [(x, y) => line("odd", x, y, x + 24, y) + square(x, y), "no message that was due"],
  ],
];

function legendRow(row: readonly LegendEntry[], y: number): string[] {
  return row.flatMap(([sample, label], i) => {
    const at = LEFT + i * 250;
    return [sample(at, y - 4), text(at + 32, y, label, "legend")];
  });
}

/** Colours keep a contrast of 4.5 to 1 in light and in dark; dashes and shapes tell the same. */
const STYLE = `
.steelyard-sequence { --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --rail: #b8bec5; --grid: #eceef0;
  --data: #0b5cad; --again: #a03d00; --ack: #116329; --odd: #8a1a8a; --lost: #b3001b;
  max-width: 100%; height: auto; font: 12px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .steelyard-sequence { --ink: #e6e8eb; --paper: #14171a;
  --quiet: #a3abb4; --rail: #4a525a; --grid: #23292e; --data: #6cb6ff; --again: #f0a060;
  --ack: #6fdd8b; --odd: #e09be0; --lost: #ff8f8f; } }
.steelyard-sequence .paper { fill: var(--paper); } .steelyard-sequence text { fill: var(--ink); }
.steelyard-sequence .heading { font-size: 15px; font-weight: bold; }
.steelyard-sequence .quiet { fill: var(--quiet); font-size: 11px; }
.steelyard-sequence .tick { text-anchor: middle; } .steelyard-sequence .seq { font-size: 10px; fill: var(--quiet); }
.steelyard-sequence .again-label { font-size: 10px; font-weight: bold; fill: var(--again); }
.steelyard-sequence line { stroke-width: 1.2; } .steelyard-sequence path { fill: none; stroke-width: 2; }
.steelyard-sequence .rail, .steelyard-sequence .axis { stroke: var(--rail); }
.steelyard-sequence .grid { stroke: var(--grid); }
.steelyard-sequence .data { stroke: var(--data); }
.steelyard-sequence .again { stroke: var(--again); stroke-width: 2.2; }
.steelyard-sequence .ack { stroke: var(--ack); stroke-dasharray: 4 2; }
.steelyard-sequence .intent, .steelyard-sequence .plan { stroke: var(--ink); stroke-dasharray: 8 2 2 2; }
.steelyard-sequence .odd { stroke: var(--odd); stroke-dasharray: 1 3; }
.steelyard-sequence .cross { stroke: var(--lost); } .steelyard-sequence .diamond { fill: var(--again); }
.steelyard-sequence .square { stroke: var(--odd); }
`;

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"/>`;
}

function cross(x: number, y: number): string {
  return `<path class="cross" d="M${n(x - 4)} ${n(y - 4)}l8 8m0 -8l-8 8"/>`;
}

function diamond(x: number, y: number): string {
  return `<path class="diamond" d="M${n(x)} ${n(y - 5)}l4 5l-4 5l-4 -5z"/>`;
}

function square(x: number, y: number): string {
  return `<path class="square" d="M${n(x - 3)} ${n(y - 3)}h6v6h-6z"/>`;
}

function text(x: number, y: number, content: string, name: string): string {
  return `<text class="${name}" x="${n(x)}" y="${n(y)}">${escape(content)}</text>`;
}

/** Coordinates to a tenth of a pixel. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** XML allows no control characters, not even escaped; what is not ASCII needs no escape. */
function escape(content: string): string {
  return content.replace(/[^\x20-\x7e\xa1-\ud7ff\ue000-\ufffd]/g, ".")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
