/** The first thing on the page: what won, on what machine, and whether to trust it. */
import type { Results, WorkloadResult } from "../results.ts";
import { listed } from "../run/verdict.ts";
import type { Behind, GroupVerdict } from "../run/verdict.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { escaped } from "./grid-html.ts";
import { capital, plural } from "./text.ts";
import { troublesOf, verification } from "./troubles.ts";
import { verdictsOf } from "./verdicts.ts";

export function verdict(results: Results): string[] {
  const { environment: on, complete, workloads, warnings } = results;
  const facts = [
    `${on.cpu}, ${plural(on.cores, "core")}`,
    on.kernel,
    on.runner,
    results.started,
    `load average ${(on.loadBefore[0] ?? 0).toFixed(2)} before, ${
      (on.loadAfter[0] ?? 0).toFixed(2)
    } after`,
  ];
  const warned = warnings.length === 0
    ? '<span class="good">no warning</span>'
    : `<span class="warn">${plural(warnings.length, "warning")}</span>`;
  return [
    '<div class="verdict">',
    ...workloads.flatMap(workloadLines),
    "</div>",
    `<p>${escaped(verification(results))} ${
      complete
        ? '<span class="good">The run is complete</span>'
        : '<strong class="bad">The run is not complete</strong>'
    }, ${warned}.</p>`,
    `<p class="facts">${facts.map(escaped).join(" &middot; ")}</p>`,
    ...troubles(results),
  ];
}

/** A headline, and a line for each group. */
function workloadLines(workload: WorkloadResult, index: number): string[] {
  const { name, summary } = workload;
  const lines = verdictsOf(workload).map((one, i) =>
    `<li><a href="#group-${index}-${i}">${escaped(capital(one.group))}</a>\n` +
    `<span>${whoLine(one)}</span>\n<span>${figureLine(one)}</span></li>`
  );
  return [
    `<p><strong>${escaped(name)}</strong> <small>${escaped(summary)}</small></p>`,
    lines.length === 0 ? "<p>Nothing was measured.</p>" : `<ul>${lines.join("\n")}</ul>`,
  ];
}

/** Who was first, where someone was. */
function whoLine({ kind, leaders, limited, unanswered }: GroupVerdict): string {
  const who = escaped(listed(leaders));
  const said = {
    none: "",
    alone: who,
    few: `${who} <small>had the best figure</small>`,
    first: `<strong>${who}</strong>`,
    tied: `${who} <small>cannot be told apart</small>`,
  }[kind];
  const aside = (names: readonly string[], why: string) =>
    names.length === 0
      ? ""
      : `<small class="warn">no figure of ${escaped(listed(names))}: ${why}</small>`;
  const asides = [
    aside(limited, "the client was the limit"),
    aside(unanswered, "too many requests failed"),
  ];
  return [said, ...asides].filter((part) => part !== "").join("; ");
}

/** How much that was, and how far ahead of the nearest rival; the group's own sentence tells more. */
function figureLine({ kind, value, rounds, behind, isRate }: GroupVerdict): string {
  if (kind === "none") return "no figure";
  const figure = `${kind === "tied" ? "up to " : ""}<strong>${escaped(value)}</strong>`;
  const few = kind === "few"
    ? [`<small>in ${rounds} of the ${LEAST_ROUNDS} rounds that a verdict needs</small>`]
    : [];
  return [figure, ...few, ...behind.slice(0, 1).map((one) => margin(one, isRate))].join(", ");
}

function margin({ name, factor, interval }: Behind, isRate: boolean): string {
  const times = `<strong>${escaped(factor)}</strong> <small>${escaped(interval)}</small>`;
  return isRate ? `${times} what ${escaped(name)} did` : `${escaped(name)} took ${times} as long`;
}

function troubles(results: Results): string[] {
  const items = troublesOf(results).map(({ tone, text }) =>
    `<li class="${tone}">${escaped(text)}</li>`
  );
  return items.length === 0 ? [] : [`<ul>${items.join("\n")}</ul>`];
}
