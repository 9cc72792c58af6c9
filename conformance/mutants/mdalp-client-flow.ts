/** Clients of MDALP that break one rule of when packets go out, and of which acks count. */
import { Buffer } from "node:buffer";
import { transfer } from "../../src/mdalp/client.ts";
import type { ShareSender } from "../../src/mdalp/client.ts";
import { ReceiverDead, Sender } from "../../src/mdalp/sender.ts";
import type { SenderFigures, SenderOptions } from "../../src/mdalp/sender.ts";
import { fixedTimeout } from "../../src/mdalp/timeout.ts";
import type { RetransmissionTimeout } from "../../src/mdalp/timeout.ts";
import { client, parts, senders } from "./mdalp-client.ts";
import type { SendingMutant } from "./types.ts";

/** The longest that timers take: 25 days. */
const NEVER_MS = 2 ** 31 - 1;

/** Two senders to one receiver, with every other packet each. */
function twoInFlight(options: SenderOptions): ShareSender {
  const counts = [0, 0];
  const both = counts.map((_, half) =>
    new Sender({
      ...options,
      packets: options.packets.filter((_, i) => i % 2 === half),
      onProgress(count) {
        counts[half] = count;
        options.onProgress?.(counts.reduce((sum, one) => sum + one, 0));
      },
    })
  );
  return {
    acknowledged: (seq) => both.forEach((sender) => sender.acknowledged(seq)),
    stop: () => both.forEach((sender) => sender.stop()),
    async run() {
      const [even, odd] = await Promise.all(both.map((sender) => sender.run()));
      return {
        packets: even!.packets + odd!.packets,
        timeouts: even!.timeouts + odd!.timeouts,
        elapsedMs: Math.max(even!.elapsedMs, odd!.elapsedMs),
      };
    },
  };
}

/** Sends a packet a second time and does not wait for the ack of that. */
function movesOnAfterCopy(options: SenderOptions): ShareSender {
  let acknowledged = 0;
  const timeout: RetransmissionTimeout = Object.create(options.timeout, {
    expired: {
      value() {
        const seq = options.packets[acknowledged]?.seq;
        if (seq !== undefined) queueMicrotask(() => sender.acknowledged(seq));
      },
    },
  });
  const sender = new Sender({
    ...options,
    timeout,
    onProgress(count) {
      acknowledged = count;
      options.onProgress?.(count);
    },
  });
  return sender;
}

/** A copy of the datagram before has its last byte changed. */
function changedCopies({ send }: SenderOptions): Pick<SenderOptions, "send"> {
  let last = Buffer.alloc(0);
  return {
    send(datagram) {
      const bytes = Buffer.from(datagram);
      const copy = bytes.equals(last);
      last = Buffer.from(bytes);
      if (copy) bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      send(bytes);
    },
  };
}

const FIRST_MS = 1000;

/** 1 s, 4 s, 16 s. */
function fourfold(): RetransmissionTimeout {
  let currentMs = FIRST_MS;
  const reset = () => void (currentMs = FIRST_MS);
  return {
    get currentMs() {
      return currentMs;
    },
    measured: reset,
    recovered: reset,
    expired: () => void (currentMs *= 4),
  };
}

/** An ack is told to the senders of all receivers. */
function ackForAll(): (options: SenderOptions) => ShareSender {
  const all: Sender[] = [];
  return (options) => {
    const own = new Sender(options);
    all.push(own);
    return {
      run: () => own.run(),
      stop: () => own.stop(),
      acknowledged: (seq) => all.forEach((sender) => sender.acknowledged(seq)),
    };
  };
}

async function oneByOne(shares: readonly ShareSender[]): Promise<SenderFigures[]> {
  const figures: SenderFigures[] = [];
  for (const share of shares) figures.push(await share.run());
  return figures;
}

/** A receiver that is dead counts as done. */
function deadIsDone(shares: readonly ShareSender[]): Promise<SenderFigures[]> {
  return Promise.all(shares.map((share) =>
    share.run().catch((error) => {
      if (!(error instanceof ReceiverDead)) throw error;
      return { packets: 0, timeouts: 0, elapsedMs: 0 };
    })
  ));
}

export const flowMutants: readonly SendingMutant[] = [
  client(
    "one-receiver",
    "first-receiver",
    "sends everything to the first receiver, whichever was chosen",
    (options, given) =>
      transfer({ ...options, only: options.only === undefined ? undefined : 0 }, given),
  ),
  client(
    "one-receiver",
    "always-shares",
    "shares the payload out where one receiver was chosen",
    (options, given) => transfer({ ...options, only: undefined }, given),
  ),
  client(
    "stop-and-wait",
    "two-in-flight",
    "has two packets in flight to each receiver",
    parts(() => ({ sender: twoInFlight })),
  ),
  client(
    "stop-and-wait",
    "moves-on-after-copy",
    "sends a packet again once and goes on without its ack",
    parts(() => ({ sender: movesOnAfterCopy })),
    {
      "mdalp.client.dead-receiver": "it waits for no ack in the end, so that none is missed",
    },
  ),
  client(
    "retransmits",
    "never-again",
    "sends no packet twice",
    // A shorter patience than the reference's saves time: nothing comes after it.
    senders(() => ({ timeout: fixedTimeout(NEVER_MS), giveUpMs: 3000 })),
  ),
  client(
    "retransmits",
    "backs-off-fourfold",
    "waits four times as long after each copy, so that the third would come after 16 s",
    senders(() => ({ timeout: fourfold() })),
  ),
  client(
    "retransmits",
    "changed-copies",
    "changes a byte of what it sends again",
    senders(changedCopies),
  ),
  client(
    "not-eager",
    "eager",
    "sends a packet again every 0.3 s",
    senders(() => ({ timeout: fixedTimeout(300) })),
  ),
  client(
    "ack-checked",
    "any-tid",
    "takes the acks of other transactions",
    parts((_, { ackedBy }) => ({
      ackedBy: (ack, expected) => ackedBy({ ...ack, tid: expected.tid }, expected),
    })),
  ),
  client(
    "ack-checked",
    "any-sender",
    "takes an ack from whoever sends it",
    parts(() => ({
      sender: ackForAll(),
      ackedBy: ({ tid }, expected) => tid === expected.tid ? 0 : -1,
    })),
  ),
  client(
    "ack-checked",
    "later-seq",
    "takes the ack of a later packet for that of the one in flight",
    senders(() => ({ isOfFlight: (acked, inFlight) => acked >= inFlight })),
  ),
  client(
    "duplicate-ack",
    "skips-on-duplicate",
    "takes a duplicate ack for that of the packet in flight, and tells of success",
    // Copies for want of patience on a busy machine would have it skip in cases of other rules.
    senders(() => ({
      timeout: fixedTimeout(2000),
      isOfFlight: (acked, inFlight) => acked <= inFlight,
    })),
  ),
  client(
    "duplicate-ack",
    "late-ack-ends",
    "takes any ack for that of the last packet",
    senders(({ packets }) => ({
      isOfFlight: (acked, inFlight) =>
        acked === inFlight || (acked < inFlight && inFlight === packets.at(-1)?.seq),
    })),
  ),
  client(
    "parallel",
    "one-by-one",
    "sends to one receiver after the other",
    parts(() => ({ runAll: oneByOne })),
  ),
  client(
    "dead-receiver",
    "waits-for-ever",
    "never gives a receiver up",
    senders(() => ({ giveUpMs: Infinity })),
  ),
  client(
    "dead-receiver",
    "dead-is-done",
    "tells of success where a receiver never answered",
    parts(() => ({ runAll: deadIsDone })),
  ),
];
