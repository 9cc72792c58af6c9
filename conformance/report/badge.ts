/** A shields.io endpoint badge: all reports together, the worst decides the colour. */
import type { Report } from "./report.ts";
import { breaksConformance, rulesOf } from "./summary.ts";
import { oneLine, plural } from "./text.ts";

export function badge(reports: Report[]): string {
  const systems = [...new Set(reports.map(({ system }) => oneLine(system)))];
  const label = ["steelyard", ...(systems.length === 1 ? systems : [])].join(" ");
  return JSON.stringify({ schemaVersion: 1, label, ...verdict(reports) }, null, 2) + "\n";
}

function verdict(reports: Report[]) {
  if (reports.some(({ conforms }) => conforms === false)) {
    const broken = reports.reduce(
      (sum, { cases }) => sum + rulesOf(cases.filter(breaksConformance)).length,
      0,
    );
    const message = broken === 0 ? "does not conform" : `${plural(broken, "MUST rule")} failing`;
    // isError keeps the page that shows the badge from painting it another colour.
    return { message, color: "red", isError: true };
  }
  if (reports.length === 0 || reports.some(({ conforms }) => conforms === null)) {
    return { message: "incomplete", color: "lightgrey" };
  }
  return { message: "conforms", color: "brightgreen" };
}
