/** The first thing on the page: what won, on what machine, and whether to trust it. */
import type { Results } from "../results.ts";
import { escaped } from "./grid-html.ts";
import { plural } from "./text.ts";
import { incompleteLines, verification, voidRounds } from "./troubles.ts";

export function verdict(results: Results): string[] {
  const { environment: on, complete, workloads, warnings } = results;
  const sentences = workloads.map(({ name, sentence }) =>
    `<strong>${escaped(name)}:</strong> ${escaped(sentence)}`
  );
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
    `<p class="verdict">${sentences.join("<br>\n")}</p>`,
    `<p>${escaped(verification(results))} ${
      complete
        ? '<span class="good">The run is complete</span>'
        : '<strong class="bad">The run is not complete</strong>'
    }, ${warned}.</p>`,
    `<p class="facts">${facts.map(escaped).join(" &middot; ")}</p>`,
    ...troubles(results),
  ];
}

function troubles(results: Results): string[] {
  const lines = [
    ...incompleteLines(results).map((text) => ["bad", text] as const),
    ...results.workloads.flatMap(voidRounds).map((text) => ["bad", text] as const),
    ...results.warnings.map((text) => ["warn", `warning: ${text}`] as const),
  ];
  if (lines.length === 0) return [];
  const items = lines.map(([tone, text]) => `<li class="${tone}">${escaped(text)}</li>`);
  return [`<ul>${items.join("\n")}</ul>`];
}
