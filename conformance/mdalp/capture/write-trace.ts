/** A client's captured exchange as a `.trace` file: docs/golden-format.md. */
import { MDALP_PORT, MessageError, readMessage } from "../../../src/mdalp/mod.ts";
import { escapeBody } from "../../engine/bytes.ts";
import { clientsOf, typeOf } from "./client-endpoints.ts";
import { endpointName } from "./datagrams.ts";
import type { Datagram } from "./datagrams.ts";
import { extent } from "./extent.ts";
import type { Extent } from "./extent.ts";

export interface WrittenTrace {
  readonly text: string;
  /** Datagrams that are in the file. */
  readonly count: number;
  /** What a reader of it should know was left out, in sentences; empty for nothing. */
  readonly notes: readonly string[];
}

/** Datagrams that make no `.trace`; the message says why and what to do. */
export class TraceWriteError extends Error {
  readonly code = "no-trace";
}

/** `name` is where the datagrams come from. Throws a TraceWriteError. */
export function writeTrace(datagrams: readonly Datagram[], name: string): WrittenTrace {
  const clients = clientsOf(datagrams);
  const client = onlyClient(clients);
  const ends = (one: Datagram) =>
    [endpointName(one.source), endpointName(one.destination)] as const;
  const own = datagrams.filter((one) => {
    const [source, destination] = ends(one);
    return clients.has(source) !== clients.has(destination);
  });
  const whole = own.filter(({ cut }) => !cut);
  if (whole.length === 0) throw new TraceWriteError("no datagram of MDALP was captured whole");
  const other = (one: Datagram) => ends(one)[clients.has(ends(one)[0]) ? 1 : 0];
  const parties = namesOf(whole, other);
  const startUs = startOf(whole);
  const sent = new Set<string>();
  const blocks = whole.map((one) => {
    const outgoing = clients.has(endpointName(one.source));
    const line = lineOf(one.payload);
    const key = `${other(one)} ${line}`;
    // The same bytes to the same party; acks and plans that come twice are no copies by the client.
    const again = outgoing && typeOf(one.payload) === 2 && sent.has(key) ? " again" : "";
    if (outgoing) sent.add(key);
    const at = ((micros(one) - startUs) / 1e6).toFixed(6);
    return `${outgoing ? "<<<" : ">>>"} ${parties.get(other(one))} at ${at} s${again}\n${line}`;
  });
  const keys = [
    `# role: client`,
    `# converted-from: ${plain(name)} ${isoMicros(startUs)}`,
    `# address-client: ${client}`,
    ...[...parties].map(([endpoint, party]) => `# address-${party}: ${endpoint}`),
  ];
  const text = `### The exchange of ${client}\n${keys.join("\n")}\n\n${blocks.join("\n\n")}\n`;
  return { text, count: whole.length, notes: notesOn(datagrams, own, whole, clients) };
}

/** The last moment whose year has four digits, in microseconds since 1970. */
const LATEST_US = 253_402_300_799e6;

/** Microseconds of the first datagram; an interface's own offset may put it anywhere. */
function startOf(datagrams: readonly Datagram[]): number {
  const { least, most } = extent(datagrams.map(micros)) as Extent;
  if (least >= 0 && most <= LATEST_US) return least;
  const seconds = (least >= 0 ? most : least) / 1e6;
  throw new TraceWriteError(
    `a datagram of ${seconds} s since 1970, not 0 to ${LATEST_US / 1e6}; see the times of the ` +
      "capture, such as the offset of an interface (if_tsoffset)",
  );
}

function onlyClient(clients: ReadonlySet<string>): string {
  const [first, ...others] = clients;
  if (first === undefined) {
    throw new TraceWriteError("no datagram of MDALP, so no exchange to write");
  }
  const address = (endpoint: string) => endpoint.slice(0, endpoint.lastIndexOf(":"));
  const stranger = others.find((one) => address(one) !== address(first));
  if (stranger !== undefined) {
    throw new TraceWriteError(
      `${first} and ${stranger} are both clients, and a .trace holds one; cut the capture in two, ` +
        `such as by tshark -r IN -w OUT -Y 'ip.addr == ${address(first)}'`,
    );
  }
  return first;
}

function notesOn(
  all: readonly Datagram[],
  own: readonly Datagram[],
  whole: readonly Datagram[],
  clients: ReadonlySet<string>,
): string[] {
  const notes: string[] = [];
  const others = all.length - own.length;
  if (others > 0) notes.push(`${others} datagram(s) that are not of the exchange are left out`);
  const cut = own.length - whole.length;
  if (cut > 0) notes.push(`${cut} datagram(s) that were captured in part are left out`);
  if (clients.size > 1) {
    notes.push(`the client used ${clients.size} ports; a .trace keeps the first of them`);
  }
  return notes;
}

/** `orchestrator`, the plan's receivers in its order, used or not, then others as they appear. */
function namesOf(
  own: readonly Datagram[],
  other: (one: Datagram) => string,
): Map<string, string> {
  const orchestrator = own.find(({ payload }) => typeOf(payload) === 0 || typeOf(payload) === 1);
  const first = orchestrator && other(orchestrator);
  const seen = [...new Set(own.map(other))].filter((endpoint) => endpoint !== first);
  const planned = plannedAddresses(own).map((address) =>
    seen.find((endpoint) => endpoint.startsWith(`${address}:`)) ?? `${address}:${MDALP_PORT}`
  );
  const names = new Map<string, string>();
  if (first !== undefined) names.set(first, "orchestrator");
  const lettered = new Set([...planned, ...seen].filter((endpoint) => endpoint !== first));
  for (const [i, endpoint] of [...lettered].entries()) names.set(endpoint, letters(i));
  return names;
}

function plannedAddresses(own: readonly Datagram[]): string[] {
  for (const { payload } of own) {
    if (typeOf(payload) !== 1) continue;
    try {
      const message = readMessage(payload);
      if (message.type === "plan") return message.receivers.map(({ address }) => address);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
    }
  }
  return [];
}

/** a to z, then aa, ab: keys of addresses have no digits. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + index % 26);
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

function lineOf(payload: Uint8Array): string {
  if (payload.length === 0) return "{{empty}}";
  return escapeBody(payload).replaceAll("\n", "\\x0a")
    // Neither a matcher nor a marker, and nothing that an editor takes for a stray blank.
    .replace(/\{(?=\{)/g, "\\x7b")
    .replace(/^[<>|](?=(?:<<|>>|\|\|)(?: |$))/, (mark) => `\\x${mark.charCodeAt(0).toString(16)}`)
    .replace(/ $/, "\\x20");
}

function micros({ timeS }: Datagram): number {
  return Math.round(timeS * 1e6);
}

/** `2021-06-23T20:06:32.451806Z`. */
function isoMicros(us: number): string {
  const iso = new Date(Math.floor(us / 1000)).toISOString();
  return iso.replace("Z", `${String(us % 1000).padStart(3, "0")}Z`);
}

/** A file name as it can stand in a line. */
function plain(name: string): string {
  return name.replace(/[^\x20-\x7e\xa1-\ud7ff\ue000-\ufffd]/g, "?");
}
