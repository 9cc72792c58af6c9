/** A progress bar for large files, on a terminal only. */

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

/** Smaller files are there before a bar could be read. */
const LARGE_BYTES = 1024 * 1024;
const REDRAW_MS = 100;

export function progressBar(output: Output): ProgressBar {
  if (!output.isTTY) return { update() {}, clear() {} };
  let drawnAt = 0;
  let shown = false;
  return {
    update(received, total) {
      if ((total ?? received) < LARGE_BYTES) return;
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS && received !== total) return;
      drawnAt = now;
      shown = true;
      output.write(`\r\x1b[K${barText(received, total, output.columns ?? 80)}`);
    },
    clear() {
      if (shown) output.write("\r\x1b[K");
    },
  };
}

/** `[#####.....]  50 %  8.0 of 16.0 MB`, or only the bytes where the total is not known. */
export function barText(received: number, total: number | undefined, columns: number): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  if (total === undefined) return `${megabytes(received)} MB`;
  const share = total === 0 ? 1 : received / total;
  const numbers = `${String(Math.floor(share * 100)).padStart(3)} %  ` +
    `${megabytes(received)} of ${megabytes(total)} MB`;
  const width = Math.max(10, Math.min(40, columns - numbers.length - 5));
  const filled = Math.floor(share * width);
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}] ${numbers}`;
}
