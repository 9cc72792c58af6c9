/** The datagrams of a `.trace` file, with the addresses and times that it gives, or plain ones. */
import type { Buffer } from "node:buffer";
import { MDALP_PORT } from "../../../src/mdalp/mod.ts";
import { GoldenError } from "../../engine/golden/parse.ts";
import type { TraceGolden, TraceStep } from "../../engine/golden/parse-trace.ts";
import { traceBytes } from "../trace-values.ts";
import { checkEndpoint } from "./recorded-datagram.ts";
import type { RecordedDatagram, RecordedEndpoint } from "./recorded-datagram.ts";

/** Between datagrams of which nothing says when they were sent. */
const STEP_MS = 1;

/**
 * Times are in milliseconds since 1970 where the file says what it was converted from, else since its
 * beginning. Throws a GoldenError, with path and line, for a datagram that has no one value.
 */
export function traceDatagrams(trace: TraceGolden): RecordedDatagram[] {
  const endpoint = addressBook(trace);
  const parties = new Set(trace.steps.flatMap(({ party, from }) => from ? [party, from] : [party]));
  // Every name that a matcher may use, also of receivers to which nothing was sent.
  for (const letter of "abcdefghij") parties.add(letter);
  const texts = Object.fromEntries([...parties, "orchestrator"].map((party) => [
    party,
    endpoint(party).host,
  ]));
  const baseMs = startMs(trace.keys["converted-from"] ?? "");
  const subject = endpoint(SUBJECT);
  const recorded: RecordedDatagram[] = [];
  let nowMs = baseMs - STEP_MS;
  for (const step of trace.steps) {
    const bytes = bytesOfStep(trace.path, step, texts);
    nowMs = step.atMs === undefined ? nowMs + step.afterMs : baseMs + step.atMs - STEP_MS;
    const other = endpoint(step.from ?? step.party);
    const [from, to] = step.direction === "send" ? [other, subject] : [subject, other];
    for (let copy = 0; copy < step.times; copy++) {
      nowMs += STEP_MS;
      recorded.push({
        atMs: nowMs,
        from,
        to,
        bytes,
        ...(step.drop ? { comment: "taken as lost" } : {}),
      });
    }
  }
  return recorded;
}

/** The program under test, in keys. */
const SUBJECT = "client";
/** Ports that nobody said; receivers and the orchestrator listen on the protocol's own. */
const SUBJECT_PORT = 50_000;

/** Addresses that the file gives; else one on the loopback network for each party. */
function addressBook({ keys, path }: TraceGolden): (party: string) => RecordedEndpoint {
  const isClient = keys.role === undefined || keys.role === "client";
  const given = new Map<string, RecordedEndpoint>();
  return (party) => {
    const known = given.get(party) ?? endpointOf(path, party, keys[`address-${party}`]) ?? {
      host: `127.0.7.${hostNumber(party)}`,
      port: (party === SUBJECT) === isClient ? SUBJECT_PORT : MDALP_PORT,
    };
    given.set(party, known);
    return known;
  };
}

function hostNumber(party: string): number {
  if (party === SUBJECT) return 1;
  if (party === "orchestrator") return 2;
  if (/^[a-z]$/.test(party)) return 3 + party.charCodeAt(0) - 97;
  // Other names are rare; a sum keeps the same name at the same address.
  return 30 + [...party].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 220, 0);
}

/** `177.71.168.45:4650` or `[fd00::1]:4650`. */
function endpointOf(
  path: string,
  party: string,
  value: string | undefined,
): RecordedEndpoint | undefined {
  if (value === undefined) return undefined;
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value);
  const endpoint = { host: match?.[1] ?? match?.[2] ?? "", port: Number(match?.[3]) };
  try {
    checkEndpoint(endpoint);
    return endpoint;
  } catch {
    const told = `# address-${party}: ${JSON.stringify(value)} is no IP address and port`;
    throw new GoldenError(`${path}: ${told}, such as 10.0.0.1:4650`);
  }
}

/** `load_balance.pcapng 2021-06-23T20:06:32.451806Z`: when the first datagram was seen. */
function startMs(convertedFrom: string): number {
  const match = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{3})(\d{3})Z$/.exec(convertedFrom);
  const ms = Date.parse(`${match?.[1]}.${match?.[2]}Z`);
  return Number.isNaN(ms) ? 0 : ms + Number(match?.[3]) / 1000;
}

function bytesOfStep(
  path: string,
  { alternatives, line }: TraceStep,
  texts: Readonly<Record<string, string>>,
): Buffer {
  const [only = [], ...others] = alternatives;
  if (others.length > 0) {
    throw new GoldenError(`${path}:${line}: one of several datagrams, so it has no one value`);
  }
  try {
    return traceBytes(only, { texts, tid: undefined });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new GoldenError(`${path}:${line}: ${error.message}`);
  }
}
