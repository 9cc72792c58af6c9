/** The counts as a table that stays in its place on a terminal, or as plain lines elsewhere. */
import { printable } from "./usage-text.ts";
import type { UpstreamUsage, Usage } from "./usage.ts";

export interface TableOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface UsageTable {
  /** Shows these counts in the place of the last ones. */
  draw(usage: Usage): void;
  /** Leaves the last counts where they are, and gives the cursor back. */
  close(): void;
}

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

export function usageTable(output: TableOutput): UsageTable {
  let last: Usage | undefined;
  let shown = 0;
  const plain = (usage: Usage) => output.write(plainLines(usage, last).join("\n") + "\n");
  const inPlace = (usage: Usage) => {
    // A terminal that does not know its size says 0.
    const columns = output.columns || 80;
    const rows = output.rows || 24;
    // The last line of a terminal is left empty: to fill it would scroll.
    const lines = tableLines(usage, last, columns - 1, rows - 1);
    const back = shown > 0 ? `\x1b[${shown}A` : HIDE_CURSOR;
    output.write(back + lines.map((line) => `\r${line}${CLEAR_LINE}\n`).join("") + CLEAR_BELOW);
    shown = lines.length;
  };
  return {
    draw(usage) {
      if (output.isTTY) inPlace(usage);
      else plain(usage);
      last = usage;
    },
    close() {
      if (shown > 0) output.write(SHOW_CURSOR);
      shown = 0;
    },
  };
}

/** One column: its title, its cells, its foot; text to the left, numbers to the right. */
interface Column {
  readonly title: string;
  readonly width: number;
  readonly text?: boolean;
  readonly cell: (upstream: UpstreamUsage) => string;
  readonly total: string;
}

const MOST_NAME = 40;
const MOST_BAR = 24;

/** A line for each server, none wider than the terminal, no more than it has rows. */
export function tableLines(
  usage: Usage,
  last: Usage | undefined,
  columns: number,
  rows: number,
): string[] {
  const { upstreams } = usage;
  const room = rows - 2;
  const fitting = upstreams.length <= room ? upstreams : upstreams.slice(0, Math.max(0, room - 1));
  const all = columnsOf(usage, last, columns);
  const line = (cell: (column: Column) => string) =>
    all.map((column) => {
      const text = cell(column).slice(0, column.width);
      return column.text ? text.padEnd(column.width) : text.padStart(column.width);
    }).join("  ").slice(0, columns).trimEnd();
  const hidden = upstreams.length - fitting.length;
  return [
    line(({ title }) => title),
    ...fitting.map((upstream) => line(({ cell }) => cell(upstream))),
    ...(hidden > 0 ? [`and ${hidden} more`.slice(0, columns)] : []),
    line(({ total }) => total),
  ].slice(0, Math.max(1, rows));
}

function columnsOf(usage: Usage, last: Usage | undefined, columns: number): Column[] {
  const names = ["server", ...usage.upstreams.map(({ label }) => label)];
  const width = Math.min(MOST_NAME, Math.max(...names.map((name) => name.length)));
  const perSecond = count(rate(usage.requests, last?.requests, usage, last));
  const numbers: Column[] = [
    {
      title: "share",
      width: 5,
      cell: (upstream) => `${count(shareOf(upstream, usage) * 100)} %`,
      total: "",
    },
    {
      title: "in flight",
      width: 9,
      cell: ({ inFlight }) => count(inFlight),
      total: count(usage.inFlight),
    },
    {
      title: "failed",
      width: 7,
      cell: ({ failures }) => count(failures),
      total: count(usage.failures),
    },
    {
      title: "req/s",
      width: 7,
      cell: (upstream) => count(rateOf(upstream, usage, last)),
      total: perSecond,
    },
    { title: "state", width: 7, text: true, cell: stateOf, total: "" },
  ];
  const first: Column[] = [
    { title: "server", width, text: true, cell: ({ label }) => printable(label), total: "total" },
    {
      title: "requests",
      width: 10,
      cell: ({ requests }) => count(requests),
      total: count(usage.requests),
    },
  ];
  const taken = [...first, ...numbers].reduce((sum, column) => sum + column.width + 2, 0);
  const bar = Math.max(0, Math.min(MOST_BAR, columns - taken));
  const shareBar: Column = {
    title: "",
    width: bar,
    text: true,
    cell: (upstream) => "#".repeat(Math.round(shareOf(upstream, usage) * bar)),
    total: "",
  };
  return bar > 0 ? [...first, shareBar, ...numbers] : [...first, ...numbers];
}

function plainLines(usage: Usage, last: Usage | undefined): string[] {
  return usage.upstreams.map((upstream) =>
    `${printable(upstream.label)}: ${upstream.requests} requests, ` +
    `${Math.round(shareOf(upstream, usage) * 100)} %, ${upstream.inFlight} in flight, ` +
    `${upstream.failures} failed, ${count(rateOf(upstream, usage, last))}/s, ${stateOf(upstream)}`
  );
}

function stateOf({ resting }: UpstreamUsage): string {
  return resting ? "resting" : "up";
}

function shareOf({ requests }: UpstreamUsage, usage: Usage): number {
  return usage.requests === 0 ? 0 : requests / usage.requests;
}

/** Requests per second since the last picture, or since the start. */
function rateOf(upstream: UpstreamUsage, usage: Usage, last: Usage | undefined): number {
  const before = last?.upstreams.find(({ address }) => address === upstream.address);
  return rate(upstream.requests, before?.requests, usage, last);
}

function rate(now: number, before = 0, usage: Usage, last: Usage | undefined): number {
  const elapsedMs = usage.uptimeMs - (last?.uptimeMs ?? 0);
  return elapsedMs > 0 ? (now - before) * 1000 / elapsedMs : 0;
}

function count(number: number): string {
  return String(Math.round(number));
}
