/** Cases for the role receiver. */
import { readFileSync } from "node:fs";
import type { Case } from "../engine/case.ts";
import { traceCases } from "../engine/golden/load.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { PORT } from "./network.ts";
import { playServers } from "./play-servers.ts";
import { sharesIn, transactionIn } from "./results.ts";
import { resultsOf } from "./results-wait.ts";
import { ackBytes, dataBytes } from "./seen-message.ts";
import { openTransaction, sendAll, serverFailure, startServers } from "./servers.ts";

/** Twenty packets at each of two receivers; the first gets every one three times. */
const SHARES = { packets: [20, 20], times: [3, 1] };
const LIMIT_S = 10;
const CASE_MS = 420_000;

async function storedOnce(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 2, limitS: LIMIT_S });
  const transaction = await openTransaction(context, servers);
  await sendAll(context, transaction, SHARES);
  const { tid } = transaction.plan;
  const { json, where } = await resultsOf(context, servers, tid);
  const fields = transactionIn(json, tid);
  const columns = fields ? [...sharesIn(fields, 2)] : [];
  const equal = columns.some(([name, [first = 0, second = 0]]) =>
    /packet|bytes|share|percent|size|count|length/i.test(name) &&
    first > 0 && Math.abs(first - second) / first < 0.05
  );
  if (equal) return;
  throw serverFailure(context, "packets that came three times were counted more than once", {
    sent: "20 packets to each of two receivers, those to the first three times each",
    expected: `equal shares in the results, ${where}`,
    actual: JSON.stringify(fields ?? json, null, 2)?.slice(0, 4000) ?? "no results",
  });
}

const FLOOD = 3000;
/** What a socket holds by default without losing any. */
const PER_ROUND = 40;
const MOST_GROWTH_KIB = 64 * 1024;

/** Resident memory of a process and its children, in KiB. */
function residentKib(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return sum + Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    } catch {
      return sum;
    }
  }, 0);
}

/** Packets that are out of bounds or of nobody's transaction must leave nothing behind. */
async function boundedMemory(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 1 });
  const { client, plan } = await openTransaction(context, servers);
  const [receiver] = servers.receivers;
  const to = { host: receiver!.host, port: PORT };
  const payload = new Uint8Array(100).fill(120);
  // The first packet is left out, so that the transaction cannot seem complete meanwhile.
  let seq = 1;
  const probe = async (what: string) => {
    if (await client.deliver(plan.tid, seq++, payload, to)) return;
    throw serverFailure(context, `no ack for a good packet ${what}`, {
      sent: "packets with absurd SEQs and of unknown transactions, and good ones between them",
      expected: "acks of the good ones",
      actual: `no ack of SEQ ${seq - 1}`,
    });
  };
  await probe("at first");
  const before = residentKib(receiver!.process.tree());
  const long = new Uint8Array(1000).fill(120);
  for (let sent = 0; sent < FLOOD;) {
    for (let i = 0; i < PER_ROUND; i++, sent++) {
      const kind = sent % 3;
      const absurd = 1_000_000_000 + sent * 1000;
      client.send(
        kind === 0
          ? dataBytes(plan.tid, absurd, payload)
          : kind === 1
          ? dataBytes(plan.tid + 1000 + sent, 0, payload)
          : dataBytes(plan.tid, sent, long),
        to,
      );
    }
    // Its ack says that what came before was looked at, and that nothing overflowed for long.
    await probe(`after ${sent} bad ones`);
  }
  const grown = residentKib(receiver!.process.tree()) - before;
  const wrong = client.arrived.find(({ bytes }) =>
    /^Type:3/.test(bytes.toString("latin1")) &&
    ![...Array(seq).keys()].some((good) => bytes.equals(ackBytes(plan.tid, good)))
  );
  if (!wrong && grown < MOST_GROWTH_KIB) return;
  throw serverFailure(
    context,
    wrong
      ? `a packet out of bounds was acknowledged: ${wrong.bytes}`
      : `memory grew by ${Math.round(grown / 1024)} MiB over ${FLOOD} bad packets`,
    {
      sent: `${FLOOD} packets with absurd SEQs, of unknown transactions, or of 1000 bytes`,
      expected: `no ack of them, and less than ${MOST_GROWTH_KIB / 1024} MiB more memory`,
      actual: wrong ? String(wrong.bytes) : `${grown} KiB more`,
    },
  );
}

const ROLES = ["orchestrator", "receiver"];
const PLAN = "mdalp.orchestrator.plan";
const ACKS = "mdalp.receiver.acks";

export const receiverCases: readonly Case[] = [
  ...traceCases("mdalp", "receiver", playServers).map((one) => ({
    ...one,
    roles: ROLES,
    needs: one.rule === ACKS ? [PLAN] : [PLAN, ACKS],
  })),
  {
    id: "mdalp.receiver.duplicates/stored-once",
    rule: "mdalp.receiver.duplicates",
    title: "Packets that come three times count once",
    roles: ROLES,
    needs: [PLAN, ACKS, "mdalp.orchestrator.verdict"],
    waits: true,
    timed: true,
    limitMs: CASE_MS,
    run: storedOnce,
  },
  {
    id: "mdalp.receiver.bounds/memory",
    rule: "mdalp.receiver.bounds",
    title: "Thousands of bad packets take no memory to speak of",
    roles: ROLES,
    needs: [PLAN, ACKS, "mdalp.receiver.unknown-tid"],
    run: boundedMemory,
  },
];
