/**
 * Report formats: each is a pure function from reports (one an implementation and system) to text.
 *
 * {@link FORMATS} lists those that `--report` writes; {@link terminalReport} is what `check` prints.
 */
export { badge } from "./badge.ts";
export { ctrf } from "./ctrf.ts";
export { diffIsUseful, diffLines } from "./diff.ts";
export {
  FORMATS,
  parseReportOption,
  parseReportOptions,
  type ReportOption,
  ReportOptionError,
} from "./formats.ts";
export { escape as escapeHtml, html, htmlPage } from "./html.ts";
export { json } from "./json.ts";
export { junit } from "./junit.ts";
export { escape as escapeMarkdown, markdown } from "./markdown.ts";
export type { CaseReport, Report } from "./report.ts";
export {
  CaseReportSchema,
  JSON_SCHEMA_ID,
  jsonSchemaText,
  ReportFileSchema,
  ReportSchema,
} from "./schema.ts";
export {
  breaksConformance,
  conformsOf,
  countsText,
  type ExitCode,
  exitCodeOf,
  lacks,
  leavesOpen,
  type RuleReport,
  rulesOf,
  summarise,
  worstExitCode,
} from "./summary.ts";
export { tap } from "./tap.ts";
export { type TerminalOptions, terminalReport } from "./terminal.ts";
export { verdictSentence } from "./verdict-sentence.ts";
export {
  ReportWriteError,
  type Sink,
  toFile,
  toStandardOutput,
  writeReports,
} from "./write-reports.ts";
export { type Recordings, traceName, writeTraces } from "./trace-files.ts";
