/** Progress of a check: a line that is redrawn on a terminal, a line per failure elsewhere. */
import type { CaseResult } from "../../conformance/engine/run/runner.ts";

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  onVerdict(result: CaseResult, done: number, total: number): void;
  clear(): void;
}

const BAD = new Set(["fail", "optional-fail", "error"]);

export function createProgress(output: Output, name: string): Progress {
  let failed = 0;
  if (!output.isTTY) {
    return {
      onVerdict({ case: one, verdict, durationMs }, done, total) {
        if (BAD.has(verdict)) {
          output.write(`${done}/${total} ${verdict} ${one.id} (${durationMs} ms)\n`);
        }
      },
      clear() {},
    };
  }
  return {
    onVerdict({ case: one, verdict }, done, total) {
      if (BAD.has(verdict)) failed++;
      output.write(
        `\r\x1b[K${name}: ${done} of ${total}, ${failed} failed; ${one.id}`.slice(0, 100),
      );
    },
    clear: () => void output.write("\r\x1b[K"),
  };
}
