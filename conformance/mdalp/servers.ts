/** Orchestrator and receivers under test, started as one group, and clients of the suite's to try them. */
import type { Buffer } from "node:buffer";
import type { UdpAddress } from "../../src/net/mod.ts";
import type { CaseContext, Launched } from "../engine/run/context.ts";
import { ORCHESTRATOR_HOST, receiverHost } from "./course.ts";
import { PORT } from "./network.ts";
import { ackBytes, dataBytes, datagramText } from "./seen-message.ts";
import { openStage } from "./stage.ts";
import type { Party, Stage } from "./stage.ts";

/** The published orchestrator's limit for a transaction, in seconds. */
const USUAL_LIMIT_S = 90;

export interface Servers {
  readonly stage: Stage;
  readonly orchestrator: Launched;
  readonly receivers: readonly Launched[];
  /** Milliseconds within which a transaction that does not end by itself must have been given up. */
  readonly limitMs: number;
}

export interface ServersStart {
  readonly receivers: number;
  /** The case has to wait for the limit of a transaction, in seconds where that can be chosen. */
  readonly limitS?: number;
}

/** Starts the roles in the order of the manifest's group. */
export async function startServers(
  context: CaseContext,
  { receivers: count, limitS }: ServersStart,
): Promise<Servers> {
  const stage = openStage(context);
  const order = context.implementation.manifest.group?.start ?? ["orchestrator", "receiver"];
  const addresses = Array.from({ length: count }, (_, i) => stage.at(receiverHost(i)).host);
  const launch = (role: string, host: number, id: number) =>
    context.launch(role, {
      at: { host: stage.at(host).host, port: PORT },
      protocol: "udp",
      usualIntervalS: USUAL_LIMIT_S,
      ...(limitS === undefined ? {} : { waits: true, intervalS: limitS }),
      values: {
        orchestrator: stage.at(ORCHESTRATOR_HOST).host,
        receiver: addresses,
        servers: addresses.map((address) => `${address}:${PORT}`),
        peers: addresses,
        id,
        seed: context.attempt.seed,
      },
    });
  let orchestrator: Launched | undefined;
  let receivers: Launched[] = [];
  for (const role of new Set<string>([...order, "orchestrator", "receiver"])) {
    if (role === "orchestrator") orchestrator = await launch(role, ORCHESTRATOR_HOST, 0);
    if (role === "receiver") {
      receivers = await Promise.all(
        addresses.map((_, i) => launch(role, receiverHost(i), i + 1)),
      );
    }
  }
  return { stage, orchestrator: orchestrator!, receivers, limitMs: orchestrator!.roundMs };
}

interface Arrived {
  readonly bytes: Buffer;
  readonly from: UdpAddress;
}

/** Milliseconds for an answer that comes at once. */
export const ANSWER_MS = 10_000;

/** A client of the suite's: it sends what it is told to, and shows what comes back. */
export class SuiteClient {
  readonly arrived: Arrived[] = [];
  readonly #context: CaseContext;
  readonly #stage: Stage;
  readonly #name: string;
  #party: Party | undefined;
  #read = 0;

  private constructor(context: CaseContext, stage: Stage, name: string) {
    this.#context = context;
    this.#stage = stage;
    this.#name = name;
  }

  static async open(context: CaseContext, { stage }: Servers, number = 1): Promise<SuiteClient> {
    const client = new SuiteClient(context, stage, `client ${number}`);
    const at = { host: stage.at(CLIENT_HOSTS + number).host, port: 0 };
    client.#party = await stage.party(client.#name, at, (bytes, from) => {
      client.arrived.push({ bytes, from: { ...from } });
    });
    return client;
  }

  get name(): string {
    return this.#name;
  }

  send(bytes: Uint8Array, to: UdpAddress): void {
    this.#party?.send(bytes, to);
  }

  ask(): void {
    this.send(INTENT, this.#stage.at(ORCHESTRATOR_HOST));
  }

  /** The next datagram that was not looked at; undefined where none comes in time. */
  async next(limitMs = ANSWER_MS): Promise<Arrived | undefined> {
    await this.#context.log.waitFor(() => this.arrived.length > this.#read, limitMs);
    return this.#read < this.arrived.length ? this.arrived[this.#read++] : undefined;
  }

  /** Waits for a plan; whatever else comes is passed over. */
  async plan(limitMs = ANSWER_MS): Promise<SeenPlan | undefined> {
    const until = performance.now() + limitMs;
    for (;;) {
      const arrived = await this.next(Math.max(1, until - performance.now()));
      if (!arrived) return undefined;
      const plan = seenPlan(arrived.bytes);
      if (plan) return plan;
    }
  }

  /**
   * Sends one packet until it is acknowledged; false where no ack comes. Datagrams on loopback are
   * lost only when a buffer is full.
   */
  async deliver(
    tid: number,
    seq: number,
    payload: Uint8Array,
    to: UdpAddress,
    tries = 20,
  ): Promise<boolean> {
    const ack = ackBytes(tid, seq);
    const isAcked = () =>
      this.arrived.some(({ bytes, from }) => from.host === to.host && bytes.equals(ack));
    for (let i = 0; i < tries; i++) {
      this.send(dataBytes(tid, seq, payload), to);
      if (await this.#context.log.waitFor(isAcked, ANSWER_MS / tries)) return true;
    }
    return false;
  }
}

const INTENT = new TextEncoder().encode("Type:0;");

/** Clients of the suite's are at .201 and up. */
const CLIENT_HOSTS = 200;

export interface SeenPlan {
  readonly tid: number;
  /** In the order of the plan. */
  readonly addresses: readonly string[];
}

/** A plan as the judge reads it: the words around the addresses, in either quotes. */
export function seenPlan(bytes: Uint8Array): SeenPlan | undefined {
  const text = new TextDecoder().decode(bytes);
  const plan = /^Type:1;TID:(\d+);DATA:(\[.*\]);$/s.exec(text);
  if (!plan) return undefined;
  const found = (plan[2] as string).matchAll(/(['"])ip_address\1: ?(['"])([\d.]+)\2/g);
  const addresses = [...found].map((match) => match[3] as string);
  return addresses.length === 0 ? undefined : { tid: Number(plan[1]), addresses };
}

/** A failure of a case about the servers, with the log. */
export function serverFailure(
  context: CaseContext,
  message: string,
  { sent, expected, actual }: { sent: string; expected: string; actual: string },
) {
  const printed = context.printed();
  return context.failure(message, {
    sent,
    expected,
    actual: [
      actual,
      printed && `--- the programs printed:\n${printed.split("\n").slice(-15).join("\n")}`,
      `--- the log:\n${context.log}`,
    ].filter(Boolean).join("\n"),
  });
}

export interface OpenTransaction {
  readonly client: SuiteClient;
  readonly plan: SeenPlan;
}

/** A client that has asked and got its plan; throws the failure where it gets none. */
export async function openTransaction(
  context: CaseContext,
  servers: Servers,
  number = 1,
  limitMs = ANSWER_MS,
): Promise<OpenTransaction> {
  const client = await SuiteClient.open(context, servers, number);
  client.ask();
  return { client, plan: await planOf(context, client, limitMs) };
}

export async function planOf(
  context: CaseContext,
  client: SuiteClient,
  limitMs = ANSWER_MS,
): Promise<SeenPlan> {
  const plan = await client.plan(limitMs);
  if (plan) return plan;
  const came = client.arrived.map(({ bytes }) => datagramText(bytes));
  throw serverFailure(context, `${client.name} got no plan within ${limitMs / 1000} s`, {
    sent: "Type:0;",
    expected: "Type:1;TID:...;DATA:[{'ip_address': '...', 'name': '...'}, ...];",
    actual: came.length === 0 ? "nothing came" : came.join("\n"),
  });
}

/** What a whole transfer sends: packets of a hundred bytes by receiver, in plan order. */
export interface Shares {
  readonly packets: readonly number[];
  /** SEQs that are never sent. */
  readonly without?: readonly number[];
  /** How often each packet is sent to each receiver; once by default. */
  readonly times?: readonly number[];
}

const PACKET = new TextEncoder().encode("x".repeat(100));
/** Shorter than the others, as the last packet of most files is. */
const LAST_PACKET = PACKET.subarray(0, 60);

/** Sends all packets, receivers at once; throws the failure where one gets no ack. */
export async function sendAll(
  context: CaseContext,
  { client, plan }: OpenTransaction,
  { packets, without = [], times = [] }: Shares,
): Promise<void> {
  if (plan.addresses.length < packets.length) {
    const few = `the plan names ${plan.addresses.length} of ${packets.length} receivers`;
    throw serverFailure(context, few, {
      sent: `Type:0;, when ${packets.length} receivers had bound their port`,
      expected: "a plan with all of them",
      actual: plan.addresses.join(", "),
    });
  }
  const total = packets.reduce((sum, count) => sum + count, 0);
  let first = 0;
  await Promise.all(packets.map(async (count, i) => {
    const from = first;
    first += count;
    const to = { host: plan.addresses[i] as string, port: PORT };
    for (let seq = from; seq < from + count; seq++) {
      if (without.includes(seq)) continue;
      const payload = seq === total - 1 ? LAST_PACKET : PACKET;
      if (!await client.deliver(plan.tid, seq, payload, to)) {
        throw serverFailure(context, `SEQ ${seq} got no ack from ${to.host}`, {
          sent: datagramText(dataBytes(plan.tid, seq, payload)),
          expected: datagramText(ackBytes(plan.tid, seq)),
          actual: "no such ack came",
        });
      }
      for (let copy = 1; copy < (times[i] ?? 1); copy++) {
        client.send(dataBytes(plan.tid, seq, payload), to);
      }
    }
  }));
}
