/** An orchestrator and its receivers on loopback, for one transfer whose client is known to be done. */
import type { UdpAddress, UdpDriver } from "../net/mod.ts";
import { deferred } from "./deferred.ts";
import { orchestratorParts, startOrchestrator } from "./orchestrator.ts";
import { receiverParts, startReceiver } from "./receiver.ts";
import type { ReceiverParts, RunningReceiver } from "./receiver.ts";
import type { TransactionReport } from "./transaction-report.ts";

export interface LoopbackServersOptions {
  /** `127.200.0`: a /24 that nobody else uses at the same time. */
  readonly prefix: string;
  /** What each receiver's datagrams come by; one for each receiver. */
  readonly paths: readonly UdpDriver[];
  /** Milliseconds after which the transaction is given up. */
  readonly limitMs: number;
}

/** Where a client finds them. */
export interface LoopbackAddresses {
  /** Where the client's own socket may be bound. */
  readonly client: UdpAddress;
  readonly orchestrator: UdpAddress;
  /** In the plan's order. */
  readonly receivers: readonly string[];
  readonly receiverPort: number;
}

export interface LoopbackServers extends LoopbackAddresses {
  /** What the orchestrator says of the first transaction, once that has ended. */
  readonly report: Promise<TransactionReport>;
  /** The client is done: what has come by now is all. */
  finish(): void;
  close(): Promise<void>;
}

const CLIENT_HOST = 200;

/** Rejects with a NetError when an address is taken. */
export async function startLoopbackServers(
  { prefix, paths, limitMs }: LoopbackServersOptions,
  parts: ReceiverParts = receiverParts,
): Promise<LoopbackServers> {
  const host = `${prefix}.1`;
  const { promise: report, resolve: ended } = deferred<TransactionReport>();
  const orchestrator = await startOrchestrator({
    at: { host, port: 0 },
    link: { host, port: 0 },
    limitMs,
    // Silence decides nothing here: how long it may be depends on latencies and losses.
    quietMs: limitMs,
    log() {},
  }, {
    ...orchestratorParts,
    publish(report) {
      ended(report);
      return report;
    },
  });
  const receivers: RunningReceiver[] = [];
  const close = async () => {
    for (const receiver of receivers) receiver.close();
    await orchestrator.close();
  };
  try {
    let receiverPort = 0;
    for (const [i, driver] of paths.entries()) {
      const receiver = await startReceiver({
        at: { host: `${prefix}.${i + 2}`, port: receiverPort },
        orchestrator: { host, port: orchestrator.linkPort },
        log() {},
      }, { ...parts, driver });
      receivers.push(receiver);
      receiverPort = receiver.port;
    }
    return {
      client: { host: `${prefix}.${CLIENT_HOST}`, port: 0 },
      orchestrator: { host, port: orchestrator.port },
      receivers: receivers.map(({ address }) => address),
      receiverPort,
      report,
      finish: () => orchestrator.finish(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
