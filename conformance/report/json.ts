/** The report as JSON: one object, or an array where there are more implementations or systems. */
import type { Report } from "./report.ts";

export function json(reports: Report[]): string {
  return JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2) + "\n";
}
