/** Plays a golden trace to orchestrator and receivers: the suite is the client, step by step. */
import type { UdpAddress } from "../../src/net/mod.ts";
import type { TraceGolden, TraceStep } from "../engine/golden/parse-trace.ts";
import type { TracePattern } from "../engine/golden/trace-pattern.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { LETTERS, ORCHESTRATOR_HOST, receiverHost } from "./course.ts";
import { readable } from "./readable-trace.ts";
import { datagramText } from "./seen-message.ts";
import { ANSWER_MS, serverFailure, startServers, SuiteClient } from "./servers.ts";
import { traceBytes, traceMatches } from "./trace-values.ts";
import type { TraceValues } from "./trace-values.ts";

export async function playServers(context: CaseContext, golden: TraceGolden): Promise<void> {
  const highest = [...LETTERS].findLastIndex((letter) =>
    golden.steps.some(({ party }) => party === letter)
  );
  const servers = await startServers(context, { receivers: Math.max(1, highest + 1) });
  const { stage } = servers;
  const client = await SuiteClient.open(context, servers);
  const addresses = new Map<string, UdpAddress>([
    ["orchestrator", stage.at(ORCHESTRATOR_HOST)],
    ...[...LETTERS].map((letter, i) => [letter, stage.at(receiverHost(i))] as const),
  ]);
  const texts: Record<string, string> = {};
  for (const [name, { host }] of addresses) texts[name] = host;
  const values: TraceValues = { texts, tid: undefined };
  const sent: string[] = [];
  for (const step of golden.steps) {
    const address = addresses.get(step.party) as UdpAddress;
    if (step.direction === "send") {
      if (step.afterMs > 0) await expectSilence(context, client, step.afterMs, sent);
      const bytes = traceBytes(step.alternatives[0] as TracePattern, values);
      for (let i = 0; i < step.times; i++) client.send(bytes, address);
      sent.push(`to ${step.party}: ${datagramText(bytes)}`);
      continue;
    }
    await receive(context, client, step, address, values, sent);
  }
}

/** An answer comes from where the question went: clients tell others by the address. */
function isFrom(from: UdpAddress, address: UdpAddress): boolean {
  return from.host === address.host && from.port === address.port;
}

function nameOf({ host, port }: UdpAddress): string {
  return `${host}:${port}`;
}

/** What is sent only after a while waits for nothing: no answer may come meanwhile. */
async function expectSilence(
  context: CaseContext,
  client: SuiteClient,
  limitMs: number,
  sent: readonly string[],
): Promise<void> {
  const arrived = await client.next(limitMs);
  if (!arrived) return;
  const came = datagramText(arrived.bytes);
  throw serverFailure(
    context,
    `${came} came from ${nameOf(arrived.from)}, though nothing asked for it`,
    {
      sent: sent.join("\n") || "nothing",
      expected: `nothing within ${limitMs} ms`,
      actual: came,
    },
  );
}

async function receive(
  context: CaseContext,
  client: SuiteClient,
  step: TraceStep,
  address: UdpAddress,
  values: TraceValues,
  sent: readonly string[],
): Promise<void> {
  const arrived = await client.next(ANSWER_MS);
  const right = arrived !== undefined && isFrom(arrived.from, address) &&
    step.alternatives.some((pattern) => traceMatches(pattern, arrived.bytes, values));
  if (right) return;
  const came = arrived ? datagramText(arrived.bytes) : "nothing";
  throw serverFailure(
    context,
    arrived
      ? `${came} came from ${nameOf(arrived.from)}, which is not what must come`
      : `the ${
        step.party === "orchestrator" ? step.party : `receiver ${step.party}`
      } did not answer`,
    {
      sent: sent.join("\n"),
      expected: `from ${step.party} (${nameOf(address)})\n${
        step.alternatives.map((pattern) => readable(pattern, values)).join("\nor\n")
      }`,
      actual: came,
    },
  );
}
