/** Load over HTTP on the servers of a set-up, as long as these are there. */
import type { LoadGenerator, LoadPlan } from "../load/plan.ts";
import { processBusy, processorBusy } from "../load/busy.ts";
import type { OpenOptions, Slice } from "../model.ts";
import type { Watched } from "../servers/watch.ts";

/** What a set-up puts load on. */
export interface HttpTarget {
  readonly plan: Pick<
    LoadPlan,
    "url" | "authority" | "expect" | "connections" | "keepAlive" | "follow" | "rampMs"
  >;
  /** Every process that has a part in it. */
  readonly servers: readonly Watched[];
  /** Those that are measured. */
  readonly measured: readonly Watched[];
  /** The threads of what is measured take turns on one core, as Python's do by its lock. */
  readonly oneCore?: boolean;
}

/** Longer than any queue here takes: what passes it hangs. */
const TIMEOUT_MS = 10_000;

/** Rejects with the reason of a server's death, or of the signal. */
export async function sampleHttp(
  generator: LoadGenerator,
  { plan, servers, measured, oneCore = false }: HttpTarget,
  { rate }: Pick<OpenOptions, "rate">,
  durationMs: number,
  signal: AbortSignal,
): Promise<Slice> {
  const ended = AbortSignal.any([signal, ...servers.map(({ died }) => died)]);
  ended.throwIfAborted();
  const busy = (oneCore ? processorBusy : processBusy)(measured.map(({ pid }) => pid));
  const { loadMs, ...result } = await generator.run({
    ...plan,
    rate,
    durationMs,
    timeoutMs: TIMEOUT_MS,
  }, ended);
  // Ahead of the load there is nothing to do, while connections are opened and notice is given.
  const serverBusy = busy(loadMs);
  // What a server that dies leaves behind is failures, which are not its figure.
  ended.throwIfAborted();
  return { ...result, ...(serverBusy === undefined ? {} : { serverBusy }) };
}
