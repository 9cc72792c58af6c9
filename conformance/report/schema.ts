/**
 * The report as a valibot schema, strict: an unknown field is an error, so a reader written for
 * `steelyard/report/1` never meets a field it does not know.
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { VERDICTS } from "../engine/verdict.ts";
import type { CaseReport, Report } from "./report.ts";

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Milliseconds = v.pipe(v.number(), v.minValue(0));
const Name = v.pipe(v.string(), v.minLength(1));

export const CaseReportSchema: v.GenericSchema<CaseReport> = v.strictObject({
  id: Name,
  rule: Name,
  role: Name,
  level: v.picklist(["MUST", "SHOULD", "MAY"]),
  title: v.string(),
  verdict: v.picklist(VERDICTS),
  durationMs: Milliseconds,
  message: v.string(),
  sent: v.nullable(v.string()),
  expected: v.nullable(v.string()),
  actual: v.nullable(v.string()),
  reproduce: v.string(),
  trace: v.nullable(v.string()),
  source: v.string(),
});

export const ReportSchema: v.GenericSchema<Report> = v.strictObject({
  schema: v.literal("steelyard/report/1"),
  system: Name,
  implementation: v.strictObject({ name: Name, digest: v.string(), manifest: v.string() }),
  suite: v.strictObject({ version: v.string(), digest: v.string() }),
  host: v.strictObject({
    runtime: v.string(),
    runtimeVersion: v.string(),
    os: v.string(),
    cpu: v.string(),
    cores: Count,
    isolation: v.picklist(["bwrap", "none"]),
  }),
  seed: v.pipe(v.number(), v.integer()),
  started: v.pipe(v.string(), v.isoTimestamp()),
  durationMs: Milliseconds,
  summary: v.strictObject({
    pass: Count,
    fail: Count,
    "optional-fail": Count,
    unsupported: Count,
    blocked: Count,
    skipped: Count,
    error: Count,
  }),
  conforms: v.nullable(v.boolean()),
  cases: v.array(CaseReportSchema),
});

/** What `--report json=FILE` writes. */
export const ReportFileSchema: v.GenericSchema<Report | Report[]> = v.union([
  ReportSchema,
  v.array(ReportSchema),
]);

export const JSON_SCHEMA_ID = "https://steelyard.dev/report.schema.json";

/** The published JSON Schema, draft 2020-12, as text. */
export function jsonSchemaText(): string {
  const { $schema, ...rest } = toJsonSchema(ReportFileSchema, {
    target: "draft-2020-12",
    definitions: { report: ReportSchema, case: CaseReportSchema },
  });
  const schema = { $schema, $id: JSON_SCHEMA_ID, title: "Steelyard conformance report", ...rest };
  return JSON.stringify(schema, null, 2) + "\n";
}
