/** A progress bar for what takes its time, on a terminal only. */

export interface ProgressBar {
  update(received: number, total: number | undefined): void;
  /** Takes the bar off the screen. */
  clear(): void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What is counted. */
export interface Measure {
  /** Less than this is done before a bar could be read. */
  readonly least: number;
  /** `8.0 of 16.0 MB`; without a total, only what is there. */
  text(done: number, total: number | undefined): string;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

export const BYTES: Measure = {
  least: 1024 * 1024,
  text: (done, total) =>
    total === undefined ? `${megabytes(done)} MB` : `${megabytes(done)} of ${megabytes(total)} MB`,
};

/** Of a protocol that waits for each one's ack: two already take their time. */
export const PACKETS: Measure = {
  least: 2,
  text: (done, total) => total === undefined ? `${done} packets` : `${done} of ${total} packets`,
};

const REDRAW_MS = 100;

export function progressBar(output: Output, measure: Measure = BYTES): ProgressBar {
  if (!output.isTTY) return { update() {}, clear() {} };
  let drawnAt = 0;
  let shown = false;
  return {
    update(received, total) {
      if ((total ?? received) < measure.least) return;
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS && received !== total) return;
      drawnAt = now;
      shown = true;
      output.write(`\r\x1b[K${barText(received, total, output.columns ?? 80, measure)}`);
    },
    clear() {
      if (shown) output.write("\r\x1b[K");
    },
  };
}

/** `[#####.....]  50 %  8.0 of 16.0 MB`, or only the bytes where the total is not known. */
export function barText(
  received: number,
  total: number | undefined,
  columns: number,
  measure: Measure = BYTES,
): string {
  const text = measure.text(received, total);
  if (total === undefined) return text;
  const share = total === 0 ? 1 : received / total;
  const numbers = `${String(Math.floor(share * 100)).padStart(3)} %  ${text}`;
  const width = Math.max(10, Math.min(40, columns - numbers.length - 5));
  const filled = Math.floor(share * width);
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}] ${numbers}`;
}
