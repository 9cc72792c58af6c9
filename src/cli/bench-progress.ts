/** How far a measurement is: a line that is redrawn on a terminal, a line for each round elsewhere. */
import type { TimeLeft } from "../../bench/run/time-left.ts";
import type { TurnBegun } from "../../bench/run/run.ts";
import { barText } from "./progress-bar.ts";

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface BenchProgress {
  /** A workload's servers are being started. */
  onOpen(workload: string): void;
  onTurn(turn: TurnBegun): void;
  /** Takes the line off the screen. */
  clear(): void;
}

export function benchProgress(output: Output, left: TimeLeft): BenchProgress {
  return output.isTTY ? redrawn(output, left) : line(output, left);
}

function redrawn(output: Output, left: TimeLeft): BenchProgress {
  return {
    onOpen: (workload) => void output.write(`\r\x1b[K${workload}: starting its servers`),
    onTurn(turn) {
      const { done, leftMs } = left.at(turn);
      const measure = { least: 0, text: () => `${clock(leftMs)} left  ${where(turn)}` };
      const columns = output.columns ?? 80;
      const text = barText(done, 1, columns, measure).slice(0, columns - 1);
      output.write(`\r\x1b[K${text}`);
    },
    clear: () => void output.write("\r\x1b[K"),
  };
}

function line(output: Output, left: TimeLeft): BenchProgress {
  let last = "";
  return {
    onOpen: (workload) => void output.write(`${workload}: starting its servers\n`),
    onTurn(turn) {
      const { leftMs } = left.at(turn);
      const begun = `${turn.workload.name}, ${roundText(turn)}`;
      if (begun === last) return;
      last = begun;
      output.write(`${begun}; ${clock(leftMs)} left\n`);
    },
    clear() {},
  };
}

function where(turn: TurnBegun): string {
  return `${turn.workload.name} ${turn.setUp.id}, ${roundText(turn)}`;
}

function roundText({ plan, round }: TurnBegun): string {
  return round === 0 ? "warm-up" : `round ${round} of ${plan.rounds}`;
}

/** `1:05`, minutes and seconds; hours before them where there are any. */
export function clock(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const start = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${start}:${two(seconds % 60)}`;
}
