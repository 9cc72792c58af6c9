/** A judgement, an exchange and a time-sequence picture as text for a terminal. */
import { byReceiver } from "./by-receiver.ts";
import { endpointName } from "./datagrams.ts";
import { extent } from "./extent.ts";
import type { Traffic } from "./datagrams.ts";
import type { Judgement } from "./trace-judge.ts";
import type { Transaction } from "./transactions.ts";

export function judgementText(of: Judgement): string {
  const lines = [
    `transaction ${of.tid} of ${of.client}: ${of.result}`,
    ...figureSentences(of).map((sentence) => `  ${sentence}`),
  ];
  for (const receiver of of.receivers) {
    const ack = receiver.ackMs === undefined
      ? "no acks"
      : `acks after ${receiver.ackMs.toFixed(0)} ms`;
    const ping = receiver.pingMs === undefined ? "" : `, ping ${receiver.pingMs.toFixed(0)} ms`;
    lines.push(
      `  ${receiver.address.padEnd(15)} ${String(receiver.packets).padStart(4)} packets, ` +
        `${receiver.bytes} bytes, ${receiver.timeouts} timeouts, ${ack}${ping}`,
    );
  }
  for (const { rule, level, verdict, message } of of.findings) {
    lines.push(`  ${verdict.padEnd(7)} ${rule} (${level}): ${message}`);
  }
  return lines.join("\n");
}

/** What was measured of the whole transfer. */
export function figureSentences(of: Judgement): string[] {
  const sentences = [
    `${of.bytes} bytes, ${of.timeouts} timeouts, ${
      of.makespanS.toFixed(3)
    } s from the first packet to the last ack`,
  ];
  if (of.planS !== undefined) {
    sentences.push(`the plan came ${of.planS.toFixed(1)} s after the intent`);
  }
  if (of.boundS !== undefined) {
    const ratio = (of.makespanS / of.boundS).toFixed(2);
    sentences.push(
      `the pings would allow ${of.boundS.toFixed(3)} s (N/S); it took ${ratio} times as long`,
    );
  }
  return sentences;
}

/** Every datagram on a line: seconds, from, to, its head. */
export function exchangeText({ datagrams }: Traffic): string {
  const start = datagrams[0]?.timeS ?? 0;
  return datagrams.map(({ timeS, source, destination, payload, comment }) => {
    const text = printable(payload.toString("latin1", 0, 60));
    const more = payload.length > 60 ? `... ${payload.length} bytes` : "";
    const time = (timeS - start).toFixed(3).padStart(9);
    const told = comment === undefined ? "" : `  [${printable(comment)}]`;
    return `${time} s  ${endpointName(source)} > ${
      endpointName(destination)
    }  ${text}${more}${told}`;
  }).join("\n");
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ".");
}

const DENSITY = { sent: "|", again: "R", acked: "." } as const;

/**
 * Time to the right, a line per receiver: `|` a packet sent, `R` sent again, `.` acknowledged. Where
 * several fall on one place, a retransmission shows before a packet, and a packet before an ack.
 */
export function timeSequence(one: Transaction, columns: number): string {
  const times = one.packets.flatMap(({ sentS, ackedS }) => [...sentS, ...ackedS]);
  const whole = extent(times);
  if (!whole) return "no packet was sent";
  const start = whole.least;
  const length = whole.most - start || 1;
  const groups = [...byReceiver(one)];
  const label = groups.reduce((most, [name]) => Math.max(most, name.length), 0) + 1;
  const width = Math.max(20, columns - label - 2);
  const place = (at: number) => Math.min(width - 1, Math.floor((at - start) / length * width));
  const lines = groups.map(([name, own]) => {
    const row = Array<string>(width).fill(" ");
    for (const { ackedS } of own) for (const at of ackedS) row[place(at)] = DENSITY.acked;
    for (const { sentS } of own) row[place(sentS[0] as number)] = DENSITY.sent;
    for (const { sentS } of own) for (const at of sentS.slice(1)) row[place(at)] = DENSITY.again;
    return `${name.padEnd(label)} ${row.join("")}`.trimEnd();
  });
  const scale = `${"".padEnd(label)} 0 s${`${length.toFixed(1)} s`.padStart(width - 3)}`;
  return [...lines, scale, `${"".padEnd(label)} | sent   R sent again   . acknowledged`].join("\n");
}
