/** One transfer from a client's process to a servers' process, and what is to be held of it. */
import type { LoopbackAddresses } from "../../src/mdalp/loopback-servers.ts";
import { RESULTS } from "../../src/mdalp/mod.ts";
import { ProgramError } from "../lifetime.ts";
import type { Mismatch } from "../model.ts";
import type { Worker } from "../process/lines.ts";
import type { Order } from "./order.ts";
import { payloadOf, sha256Of } from "./payload.ts";
import type { Sending, Sent } from "./send-transfer.ts";
import type { Served, Serving } from "./serve-transfer.ts";

/** A process that serves or sends. */
export type Side = Pick<Worker, "call">;

export interface Sides {
  readonly servers: Side;
  readonly client: Side;
}

export type Delivered = Extract<Sent["outcome"], { failed?: never }>;

export type Measured =
  & Pick<Sent, "startedMs" | "endedMs">
  & (
    | { readonly kind: "delivered"; readonly sent: Delivered; readonly served: Served }
    | { readonly kind: "mismatch"; readonly mismatch: Mismatch }
    | { readonly kind: "failed"; readonly why: string }
  );

/** How a transaction that ended otherwise than it should is named. */
const FAILURES: Readonly<Record<string, string>> = {
  [RESULTS.completed]: "no load balancing violation",
  [RESULTS.violation]: "load balancing violation",
  [RESULTS.both]: "load balancing violation and incomplete data",
  [RESULTS.incomplete]: "incomplete data",
};

/** Transfers of this process, so that each has a number of its own at both sides. */
let last = 0;

/**
 * `seed` decides which packets are lost. Rejects with the signal's reason once nothing of the
 * transfer is left, and with a ProgramError where one of the processes has died.
 */
export async function measureTransfer(
  { servers, client }: Sides,
  order: Order,
  seed: number,
  signal: AbortSignal,
): Promise<Measured> {
  signal.throwIfAborted();
  const id = ++last;
  const { latenciesMs, bytes, lossPercent, receivers, only, timesFaster } = order;
  const serving: Serving = { id, latenciesMs, loss: lossPercent / 100, seed, bytes };
  const to = await called<LoopbackAddresses>(
    servers,
    "orchestrator and receivers",
    "serve",
    serving,
  );
  const stop = () => void client.call("stop", { id }).catch(() => {});
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    const sending: Sending = { id, to, latenciesMs, receivers, only, bytes, timesFaster };
    const outcome = called<Served>(servers, "orchestrator and receivers", "outcome", { id });
    const sent = called<Sent>(client, "client", "send", sending);
    // Servers that die would leave the client waiting for acks.
    const { startedMs, endedMs, outcome: end } = await Promise.race([
      sent,
      outcome.then(() => sent),
    ]);
    const when = { startedMs, endedMs };
    if (end.failed !== undefined) {
      outcome.catch(() => {});
      return { ...when, kind: "failed", why: end.failed };
    }
    await called(servers, "orchestrator and receivers", "finish", { id });
    return { ...when, ...judged(order, end, await outcome, to) };
  } catch (error) {
    stop();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", stop);
    await servers.call("end", { id }).catch(() => {});
  }
}

function judged(order: Order, sent: Delivered, served: Served, to: LoopbackAddresses) {
  const expected = payloadOf(order.bytes);
  const { sha256, result } = served;
  if (sha256 !== null && sha256 !== sha256Of(expected)) {
    const mismatch: Mismatch = {
      url: `mdalp://${to.orchestrator.host}:${to.orchestrator.port}`,
      expectedBytes: expected.length,
      expectedSha256: sha256Of(expected),
      actualBytes: served.bytes,
      actualSha256: sha256,
      at: served.differsAt,
    };
    return { kind: "mismatch" as const, mismatch };
  }
  // All to one of several receivers is what the orchestrator calls it.
  const right = order.only === null ? RESULTS.completed : RESULTS.violation;
  if (result === right) return { kind: "delivered" as const, sent, served };
  return { kind: "failed" as const, why: FAILURES[result] ?? result };
}

async function called<Result>(side: Side, who: string, service: string, given: unknown) {
  try {
    return await side.call<Result>(service, given);
  } catch (error) {
    throw new ProgramError(`the process of the ${who}: ${(error as Error).message}`);
  }
}
