/** Cases for the role orchestrator. */
import type { Case } from "../engine/case.ts";
import { CaseBlocked } from "../engine/verdict.ts";
import { traceCases } from "../engine/golden/load.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { ORCHESTRATOR_HOST } from "./course.ts";
import { playServers } from "./play-servers.ts";
import { hasNumber, RESULTS, sentenceIn, sharesIn, transactionIn } from "./results.ts";
import { resultsOf } from "./results-wait.ts";
import { datagramText } from "./seen-message.ts";
import {
  openTransaction,
  planOf,
  seenPlan,
  sendAll,
  serverFailure,
  startServers,
  SuiteClient,
} from "./servers.ts";
import type { OpenTransaction, Shares } from "./servers.ts";

/**
 * Where it can be chosen: longer than the 10 s that a client may be silent before it sends a packet
 * again, since an orchestrator may wait that long before it calls a transaction ended.
 */
const LIMIT_S = 20;
/** For one that cannot end in another way. */
const INCOMPLETE_LIMIT_S = 6;
/** For a client that sends nothing. */
const SHORT_LIMIT_S = 2;
/** A case may wait for the usual limit of 90 s, three times. */
const CASE_MS = 420_000;

async function plan(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 3 });
  const client = await SuiteClient.open(context, servers);
  client.ask();
  const arrived = await client.next();
  const orchestrator = servers.stage.at(ORCHESTRATOR_HOST);
  const found = arrived && seenPlan(arrived.bytes);
  const known = servers.receivers.map(({ host }) => host);
  const problem = !arrived
    ? "no plan came"
    : arrived.from.host !== orchestrator.host || arrived.from.port !== orchestrator.port
    ? `the plan came from ${arrived.from.host}:${arrived.from.port}, which was not asked`
    : !found
    ? "what came is no plan"
    : found.addresses.find((address) => !known.includes(address)) !== undefined
    ? "the plan names an address where no receiver is"
    : new Set(found.addresses).size < found.addresses.length
    ? "the plan names a receiver twice"
    : undefined;
  if (!problem) return;
  throw serverFailure(context, problem, {
    sent: `Type:0; to ${orchestrator.host}:${orchestrator.port}; receivers at ${known.join(", ")}`,
    expected: "Type:1;TID:...;DATA:[{'ip_address': '...', 'name': '...'}, ...];",
    actual: arrived ? datagramText(arrived.bytes) : "nothing",
  });
}

/** All of it, shared out evenly over the receivers of the plan. */
function evenShares({ plan: { addresses } }: OpenTransaction, packets = 30): Shares {
  const each = Math.floor(packets / addresses.length);
  return {
    packets: addresses.map((_, i) => i === 0 ? packets - each * (addresses.length - 1) : each),
  };
}

const ASK_AGAIN_MS = 1000;

/** Also of one that forgets who asks while a transaction runs: the rule of the queue minds that. */
async function planAskedForAgain(client: SuiteClient, limitMs: number) {
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    client.ask();
    const plan = await client.plan(ASK_AGAIN_MS);
    if (plan) return plan;
  }
  return undefined;
}

async function newTid(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 2, limitS: LIMIT_S });
  const first = await openTransaction(context, servers, 1);
  await sendAll(context, first, evenShares(first)).catch((error) => {
    // Else the rules of plans and of acks would stand on each other.
    throw new CaseBlocked(`the first transaction could not be ended: ${(error as Error).message}`);
  });
  const next = await SuiteClient.open(context, servers, 2);
  const second = await planAskedForAgain(next, servers.limitMs) ?? await planOf(context, next, 1);
  if (first.plan.tid !== second.tid) return;
  throw serverFailure(context, `two transactions had one TID, ${first.plan.tid}`, {
    sent: "two clients, one after the other",
    expected: "a new TID for each transaction",
    actual: `TID ${first.plan.tid} twice`,
  });
}

/** For a plan that should not come; less than the silence of a client that lost a packet. */
const TOO_EARLY_MS = 1000;

/** All but the last packet, and that one when the others had time to get a plan too early. */
async function sendWithPause(
  context: CaseContext,
  transaction: OpenTransaction,
  others: readonly SuiteClient[],
): Promise<void> {
  const shares = evenShares(transaction);
  const last = shares.packets.reduce((sum, count) => sum + count, 0) - 1;
  await sendAll(context, transaction, { ...shares, without: [last] });
  await context.log.waitFor(() => others.some(({ arrived }) => arrived.length > 0), TOO_EARLY_MS);
  await sendAll(context, transaction, {
    ...shares,
    without: Array.from({ length: last }, (_, seq) => seq),
  });
}

/** Three clients ask; each must get its plan when the one before is through, in order. */
async function queue(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 2, limitS: LIMIT_S });
  let current = await openTransaction(context, servers, 1);
  const waiting: SuiteClient[] = [];
  for (const number of [2, 3]) {
    const client = await SuiteClient.open(context, servers, number);
    client.ask();
    waiting.push(client);
  }
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    await sendWithPause(context, current, [next, ...waiting]);
    const busy = new Set(current.plan.addresses);
    // One over other receivers is another receiver set's, and may go on at the same time.
    const early = [next, ...waiting].find((client) =>
      client.arrived.some(({ bytes }) => seenPlan(bytes)?.addresses.some((one) => busy.has(one)))
    );
    if (early) {
      throw serverFailure(
        context,
        `${early.name} got a plan while the transaction of ${current.client.name} went on`,
        {
          sent: "three intents; the first client was still sending its data",
          expected: "one transaction at a time: the others wait their turn",
          actual: datagramText(early.arrived[0]!.bytes),
        },
      );
    }
    const others = [...waiting];
    const plan = await planOf(context, next, servers.limitMs);
    const overtaken = others.find((client) => client.arrived.length > 0);
    if (overtaken) {
      throw serverFailure(context, `${overtaken.name} got a plan before its turn`, {
        sent: "intents of three clients, one after the other",
        expected: "plans in the order of the intents, one at a time",
        actual: datagramText(overtaken.arrived[0]!.bytes),
      });
    }
    current = { client: next, plan };
  }
}

const REPEATS = 3;

async function sameIntent(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 2, limitS: LIMIT_S });
  const first = await openTransaction(context, servers, 1);
  const patient = await SuiteClient.open(context, servers, 2);
  for (let i = 0; i < REPEATS; i++) patient.ask();
  await sendAll(context, first, evenShares(first));
  const second = { client: patient, plan: await planOf(context, patient, servers.limitMs) };
  // Whoever asks after the repetitions has its turn right after the one who repeated.
  const third = await SuiteClient.open(context, servers, 3);
  third.ask();
  await sendAll(context, second, evenShares(second));
  await third.plan(servers.limitMs);
  const tids = new Set(
    patient.arrived.flatMap(({ bytes }) => seenPlan(bytes)?.tid ?? []),
  );
  if (tids.size === 1) return;
  throw serverFailure(
    context,
    `a client that asked ${REPEATS} times while it waited got ${tids.size} transactions`,
    {
      sent: `${REPEATS} intents from one address while another transaction went on`,
      expected: "one transaction",
      actual: `plans with TID ${[...tids].join(", ")}`,
    },
  );
}

interface Ending {
  readonly name: string;
  readonly title: string;
  readonly shares: Shares;
  readonly result: string;
}

const ENDINGS: readonly Ending[] = [
  {
    name: "completed",
    title: "A transfer in fair shares is completed",
    shares: { packets: [16, 17, 17] },
    result: RESULTS.completed,
  },
  {
    name: "violation",
    title: "All to one receiver is complete data, and a violation",
    shares: { packets: [0, 50, 0] },
    result: RESULTS.violation,
  },
  {
    name: "incomplete",
    title: "All to one receiver with packets missing is a violation and incomplete",
    shares: { packets: [0, 50, 0], without: [20, 30] },
    result: RESULTS.both,
  },
];

async function endOf(context: CaseContext, shares: Shares) {
  const servers = await startServers(context, {
    receivers: shares.packets.length,
    limitS: shares.without ? INCOMPLETE_LIMIT_S : LIMIT_S,
  });
  const transaction = await openTransaction(context, servers, 1);
  await sendAll(context, transaction, shares);
  return { servers, transaction, read: await resultsOf(context, servers, transaction.plan.tid) };
}

function sharesText({ packets, without = [] }: Shares): string {
  const missing = without.length === 0 ? "" : `, without SEQ ${without.join(" and ")}`;
  return `a transaction with ${
    packets.join("/")
  } packets over ${packets.length} receivers${missing}`;
}

async function verdict(context: CaseContext, { shares, result }: Ending): Promise<void> {
  const { transaction, read } = await endOf(context, shares);
  const { tid } = transaction.plan;
  const fields = transactionIn(read.json, tid);
  const said = fields ? sentenceIn(fields) : undefined;
  const problem = !read.text.includes(result)
    ? "the results as text do not say how it ended"
    : fields && said !== result
    ? `the results as JSON say ${JSON.stringify(said ?? null)}`
    : undefined;
  if (!problem) return;
  throw serverFailure(context, problem, {
    sent: sharesText(shares),
    expected: result,
    actual: `${read.where} as text:\n${read.text.slice(0, 3000)}\nas JSON:\n${
      JSON.stringify(read.json)?.slice(0, 3000)
    }`,
  });
}

async function asJson(context: CaseContext): Promise<void> {
  const shares = { packets: [10, 20, 30] };
  const { transaction, read } = await endOf(context, shares);
  const fields = transactionIn(read.json, transaction.plan.tid);
  const columns = fields ? [...sharesIn(fields, 3).values()] : [];
  const proportional = columns.some((column) => {
    const sum = column.reduce((total, one) => total + one, 0);
    // In packets, bytes or percent, whatever the order of the receivers.
    const percent = column.map((one) => 100 * one / sum).sort((x, y) => x - y);
    return [100 / 6, 100 / 3, 50].every((wanted, i) =>
      Math.abs((percent[i] as number) - wanted) < 2
    );
  });
  const problem = read.json === undefined
    ? "the results are no JSON"
    : !fields
    ? `no object in it holds the TID ${transaction.plan.tid}`
    : !proportional
    ? "no numbers of the three receivers are their shares, 10/20/30 packets"
    : !hasNumber(fields, /time(?!out)|elapsed|duration|seconds|ms$/i)
    ? "no number has a name like time, elapsed or duration"
    : !hasNumber(fields, /timeout|retrans|again|cop(y|ies)|resen[dt]|duplicate/i)
    ? "no number has a name like timeouts or retransmissions"
    : undefined;
  if (!problem) return;
  throw serverFailure(context, problem, {
    sent: `${sharesText(shares)}; then ${read.where} with Accept: application/json`,
    expected: "JSON with the transaction's TID, result, shares, times and timeouts",
    actual: JSON.stringify(read.json, null, 2)?.slice(0, 4000) ?? read.text.slice(0, 4000),
  });
}

async function deadline(context: CaseContext): Promise<void> {
  const servers = await startServers(context, { receivers: 2, limitS: SHORT_LIMIT_S });
  await openTransaction(context, servers, 1);
  const openedMs = performance.now();
  const waiting = await SuiteClient.open(context, servers, 2);
  waiting.ask();
  if (await waiting.plan(servers.limitMs)) {
    const givenUpMs = performance.now() - openedMs;
    const limitMs = Number(servers.orchestrator.values.interval) * 1000;
    if (servers.orchestrator.warped || givenUpMs > limitMs / 2) return;
    throw serverFailure(context, `a transaction was given up after ${givenUpMs.toFixed(0)} ms`, {
      sent: "a client took its plan and sent nothing yet; a second one asked",
      expected: `the second waits for the limit, ${limitMs / 1000} s`,
      actual: `its plan came ${givenUpMs.toFixed(0)} ms after the first`,
    });
  }
  throw serverFailure(context, "a transaction without data was not given up", {
    sent: "a client took its plan and sent nothing; a second one asked",
    expected: `a plan for the second within ${servers.limitMs / 1000} s`,
    actual: "nothing came",
  });
}

const ROLES = ["orchestrator", "receiver"];
const PLAN = "mdalp.orchestrator.plan";
const QUEUE = "mdalp.orchestrator.queue";
const DEADLINE = "mdalp.orchestrator.deadline";
const ACKS = "mdalp.receiver.acks";

interface Row {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly waits?: true;
  run(context: CaseContext): Promise<void>;
}

const ROWS: readonly Row[] = [
  { id: "plan/receivers", title: "An intent is answered with a plan", needs: [], run: plan },
  {
    id: "plan/new-tid",
    title: "Each transaction has a TID of its own",
    needs: [],
    waits: true,
    run: newTid,
  },
  {
    id: "queue/three-clients",
    title: "Three clients have their transactions one after the other, in order",
    needs: [PLAN, ACKS],
    waits: true,
    run: queue,
  },
  {
    id: "same-intent/three-times",
    title: "A client that asks three times while it waits gets one transaction",
    needs: [PLAN, ACKS, QUEUE],
    waits: true,
    run: sameIntent,
  },
  ...ENDINGS.map((ending): Row => ({
    id: `verdict/${ending.name}`,
    title: ending.title,
    // One that stays incomplete ends by the limit alone.
    needs: ending.shares.without ? [PLAN, ACKS, DEADLINE] : [PLAN, ACKS],
    waits: true,
    run: (context) => verdict(context, ending),
  })),
  {
    id: "verdict/as-json",
    title: "The results are JSON with shares, times and timeouts",
    needs: [PLAN, ACKS],
    waits: true,
    run: asJson,
  },
  {
    id: "deadline/silent-client",
    title: "A client that sends nothing holds the others up for the limit only",
    needs: [PLAN, QUEUE],
    waits: true,
    run: deadline,
  },
];

export const orchestratorCases: readonly Case[] = [
  ...traceCases("mdalp", "orchestrator", playServers).map((one) => ({
    ...one,
    roles: ROLES,
    needs: [PLAN],
  })),
  ...ROWS.map(({ id, ...row }): Case => ({
    ...row,
    id: `mdalp.orchestrator.${id}`,
    rule: `mdalp.orchestrator.${id.split("/")[0]}`,
    roles: ROLES,
    // A machine that is busy for seconds may bring a transaction to its limit.
    ...(row.waits ? { limitMs: CASE_MS, timed: true } : {}),
  })),
];
