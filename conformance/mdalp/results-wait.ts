/** Waits until an orchestrator's results tell how a transaction ended. */
import type { CaseContext } from "../engine/run/context.ts";
import { readResults, sentenceIn, SENTENCES, transactionIn } from "./results.ts";
import type { ResultsRead } from "./results.ts";
import type { Servers } from "./servers.ts";

const POLL_MS = 100;

/** The results once they tell of a transaction's end. */
export async function resultsOf(
  context: CaseContext,
  servers: Servers,
  tid: number,
): Promise<ResultsRead> {
  const until = performance.now() + servers.limitMs;
  for (;;) {
    const read = await readResults(context, servers);
    const fields = transactionIn(read.json, tid);
    const told = fields
      ? sentenceIn(fields) !== undefined
      : SENTENCES.some((sentence) => read.text.includes(sentence));
    if (told || performance.now() > until) return read;
    // There is no event to wait for in a page or a file of a stranger's program.
    await context.log.waitFor(() => false, POLL_MS);
  }
}
