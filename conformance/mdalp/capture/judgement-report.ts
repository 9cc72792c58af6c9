/** Judgements of captured transfers as a page of HTML or as Markdown, with pictures. */
import { escapeHtml, escapeMarkdown, htmlPage } from "../../report/mod.ts";
import type { Traffic } from "./datagrams.ts";
import { timeSequenceSvg } from "./time-sequence-svg.ts";
import type { Judgement, ReceiverFigures } from "./trace-judge.ts";
import { figureSentences } from "./trace-text.ts";
import type { Transaction } from "./transactions.ts";
import { transactionDatagrams } from "./transactions.ts";

export interface Judged {
  readonly judgement: Judgement;
  readonly svg: string;
}

/** The picture of one transaction among the traffic of a capture. */
export function transactionSvg(traffic: Traffic, one: Transaction): string {
  return timeSequenceSvg(transactionDatagrams(traffic, one), `MDALP ${one.tid} of ${one.client}`);
}

const COLUMNS = ["receiver", "packets", "bytes", "timeouts", "ack after", "ping"];

function cells(of: ReceiverFigures): string[] {
  const ms = (value: number | undefined) => value === undefined ? "" : `${value.toFixed(0)} ms`;
  return [
    of.address,
    String(of.packets),
    String(of.bytes),
    String(of.timeouts),
    ms(of.ackMs),
    ms(of.pingMs),
  ];
}

/** A whole page with nothing outside of it; `source` names the capture. */
export function judgementHtml(source: string, all: readonly Judged[]): string {
  const tr = (tag: "td" | "th", row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    `<table>\n${[tr("th", head), ...rows.map((row) => tr("td", row))].join("\n")}\n</table>`;
  const parts = all.flatMap(({ judgement, svg }) => [
    "<section>",
    `<h1>${escapeHtml(`Transaction ${judgement.tid} of ${judgement.client}`)}</h1>`,
    `<p class="sentence ${isBroken(judgement) ? "fail" : "pass"}">${
      escapeHtml(judgement.result)
    }</p>`,
    ...figureSentences(judgement).map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
    `<p class="facts">${escapeHtml(source)}</p>`,
    svg,
    "<h2>Receivers</h2>",
    table(COLUMNS, judgement.receivers.map(cells)),
    "<h2>Rules</h2>",
    "<table>\n<tr><th>verdict</th><th>rule</th><th>level</th><th></th></tr>",
    ...judgement.findings.map(({ verdict, rule, level, message }) =>
      `<tr><td><span class="verdict ${verdict}">${verdict}</span></td><td>${
        escapeHtml(rule)
      }</td>` +
      `<td>${level}</td><td>${escapeHtml(message)}</td></tr>`
    ),
    "</table>",
    "</section>",
  ]);
  return htmlPage(`MDALP transfers in ${source}`, parts);
}

/** `pictures` are the paths of the SVG files as the report names them, one for each transaction. */
export function judgementMarkdown(
  source: string,
  all: readonly Judged[],
  pictures: readonly string[],
): string {
  const tr = (row: readonly string[]) => `| ${row.map(escapeMarkdown).join(" | ")} |`;
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) => [
    tr(head),
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map(tr),
    "",
  ];
  return all.flatMap(({ judgement }, i) => [
    `# Transaction ${judgement.tid} of ${escapeMarkdown(judgement.client)}`,
    "",
    `**${escapeMarkdown(judgement.result)}** (${escapeMarkdown(source)})`,
    "",
    ...figureSentences(judgement).map((sentence) => `- ${escapeMarkdown(sentence)}`),
    "",
    ...(pictures[i] === undefined
      ? []
      : [`![time sequence of transaction ${judgement.tid}](<${encodeURI(pictures[i])}>)`, ""]),
    ...table(COLUMNS, judgement.receivers.map(cells)),
    ...table(
      ["verdict", "rule", "level", "what was seen"],
      judgement.findings.map((
        { verdict, rule, level, message },
      ) => [verdict, rule, level, message]),
    ),
  ]).join("\n");
}

/** Whether a MUST rule is broken. */
export function isBroken({ findings }: Judgement): boolean {
  return findings.some(({ level, verdict }) => level === "MUST" && verdict === "fail");
}
