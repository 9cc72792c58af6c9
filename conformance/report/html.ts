/**
 * One self-contained page: no script, nothing fetched, light and dark as the reader's system has it.
 *
 * Everything but the markup itself goes through `escape`; the policy in the head is the second lock.
 */
import { timeSequenceSvg } from "../mdalp/capture/time-sequence-svg.ts";
import { trafficOf } from "../mdalp/capture/recorded-datagram.ts";
import { exhibitsOf } from "./evidence.ts";
import { STYLE } from "./html-style.ts";
import type { CaseReport, Report } from "./report.ts";
import { countsText, type RuleReport, rulesOf, summarise } from "./summary.ts";
import { oneLine, plural, visible } from "./text.ts";
import { type Recordings, recordingsOf } from "./trace-files.ts";
import { verdictSentence } from "./verdict-sentence.ts";

/** A failing case whose datagrams were recorded shows them as a picture. */
export function html(
  reports: Report[],
  recordings?: Recordings | readonly Recordings[],
): string {
  const names = reports.map(({ implementation, system }) => `${implementation.name}: ${system}`);
  const sections = reports.map((report, i) => section(report, recordingsOf(recordings, i)));
  return htmlPage(`Conformance of ${names.join(", ")}`, sections);
}

/** A whole page of these parts, which are HTML already; the title is text. */
export function htmlPage(title: string, parts: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escape(oneLine(title))}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    ...parts,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function section(report: Report, recordings: Recordings | undefined): string {
  const { implementation, system, host, cases } = report;
  const state = report.conforms === null ? "open" : report.conforms ? "pass" : "fail";
  const facts = [
    `suite ${report.suite.version}`,
    `${host.runtime} ${host.runtimeVersion}`,
    `${host.os}, ${host.cpu}, ${plural(host.cores, "core")}`,
    `isolation ${host.isolation}`,
    `seed ${report.seed}`,
    report.started,
    `${(report.durationMs / 1000).toFixed(1)} s`,
  ];
  const shown = cases.filter(({ verdict }) => verdict !== "pass");
  return [
    "<section>",
    `<h1>${escape(`${implementation.name}: ${system}`)}</h1>`,
    `<p class="sentence ${state}">${escape(verdictSentence(report))}</p>`,
    `<p>${escape(`${plural(cases.length, "case")}: ${countsText(summarise(cases))}`)}</p>`,
    `<p class="facts">${facts.map(escape).join(" &middot; ")}</p>`,
    ...shown.map((one) => details(one, picture(one, recordings))),
    "<h2>Rules</h2>",
    "<table>",
    "<thead><tr><th>rule</th><th>level</th><th>verdict</th><th>cases</th><th>title</th></tr></thead>",
    "<tbody>",
    ...rulesOf(cases).map(row),
    "</tbody>",
    "</table>",
    "</section>",
  ].join("\n");
}

function row({ rule, level, verdict, cases, title }: RuleReport): string {
  return `<tr><td>${escape(rule)}</td><td>${escape(level)}</td><td>${label(verdict)}</td>` +
    `<td>${cases.length}</td><td>${escape(title)}</td></tr>`;
}

function picture(one: CaseReport, recordings: Recordings | undefined): string[] {
  const recorded = recordings?.get(one.id);
  if (!recorded || recorded.length === 0) return [];
  return ["<h3>datagrams</h3>", timeSequenceSvg(trafficOf(recorded).datagrams, one.id)];
}

function details(one: CaseReport, pictures: readonly string[]): string {
  const isFailure = one.verdict === "fail" || one.verdict === "optional-fail";
  return [
    `<details${isFailure ? " open" : ""}>`,
    `<summary>${label(one.verdict)} ${escape(one.id)} <small>${
      escape(one.level)
    }</small></summary>`,
    `<p>${escape(one.title)} <small>(${escape(one.source)})</small></p>`,
    `<p><strong>${escape(one.message)}</strong></p>`,
    ...exhibitsOf(one).map(({ label, text }) => block(label, text)),
    ...pictures,
    ...(one.trace === null ? [] : [`<p>capture: <code>${escape(one.trace)}</code></p>`]),
    block("reproduce", one.reproduce),
    "</details>",
  ].join("\n");
}

/** The line end after `<pre>` is eaten by HTML: without it, one that begins the text would be. */
function block(label: string, text: string): string {
  return `<h3>${escape(label)}</h3>\n<pre>\n${escape(text)}</pre>`;
}

function label(verdict: string): string {
  return `<span class="verdict ${escape(verdict)}">${escape(verdict)}</span>`;
}

/** Text as HTML, in content and in attributes. */
export function escape(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}
