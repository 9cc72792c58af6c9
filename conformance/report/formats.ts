/**
 * The formats of `--report FORMAT=FILE`. A new format is one file and one line here.
 */
import { badge } from "./badge.ts";
import { ctrf } from "./ctrf.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { nearMiss } from "./near-miss.ts";
import type { Report } from "./report.ts";
import { tap } from "./tap.ts";
import { oneLine } from "./text.ts";
import type { Recordings } from "./trace-files.ts";

/** What was recorded of cases is for the formats that show it; the others take no notice. */
type Format = (reports: Report[], recordings?: Recordings | readonly Recordings[]) => string;

export const FORMATS: Record<string, Format> = {
  json,
  junit,
  tap,
  markdown,
  ctrf,
  badge,
  html,
};

/** A format and where its text goes: a path, or `-` for standard output. */
export interface ReportOption {
  readonly format: string;
  readonly file: string;
}

/** A `--report` that cannot be followed; the message says what to write instead. */
export class ReportOptionError extends Error {
  override readonly name = "ReportOptionError";
  readonly code: "format" | "file" | "twice";

  constructor(code: "format" | "file" | "twice", message: string) {
    super(message);
    this.code = code;
  }
}

/** `junit=out.xml`; throws {@link ReportOptionError}. */
export function parseReportOption(text: string): ReportOption {
  const equals = text.indexOf("=");
  const format = equals === -1 ? text : text.slice(0, equals);
  const file = equals === -1 ? "" : text.slice(equals + 1);
  if (!Object.hasOwn(FORMATS, format)) throw unknownFormat(format, file);
  if (file === "") {
    throw new ReportOptionError(
      "file",
      `--report ${format} names no file: write ${format}=FILE, or ${format}=- for standard output`,
    );
  }
  return { format, file };
}

/** All of them; two that would write one file are an error, as the second would replace the first. */
export function parseReportOptions(texts: readonly string[]): ReportOption[] {
  const options = texts.map(parseReportOption);
  for (const [at, { format, file }] of options.entries()) {
    const other = options.slice(0, at).find((earlier) => earlier.file === file);
    if (other === undefined) continue;
    const where = file === "-" ? "standard output" : oneLine(file);
    throw new ReportOptionError(
      "twice",
      `--report ${other.format} and ${format} both write to ${where}: give each its own file`,
    );
  }
  return options;
}

function unknownFormat(format: string, file: string): ReportOptionError {
  const near = nearMiss(format, Object.keys(FORMATS));
  const hint = near === null ? "" : ` Did you mean ${near}=${oneLine(file) || "FILE"}?`;
  return new ReportOptionError(
    "format",
    `--report knows no format "${oneLine(format)}".${hint} ` +
      `The formats are ${Object.keys(FORMATS).join(", ")}.`,
  );
}
