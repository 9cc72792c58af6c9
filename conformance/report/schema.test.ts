import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { allPass, everyVerdict, hostile, makeReport } from "./fixture.ts";
import { json } from "./json.ts";
import { JSON_SCHEMA_ID, jsonSchemaText, ReportFileSchema, ReportSchema } from "./schema.ts";

const accepts = (value: unknown) => v.safeParse(ReportSchema, value).success;

test("reports of every verdict are valid, written as JSON and read again", () => {
  for (const reports of [[everyVerdict], [hostile], [allPass, hostile], []]) {
    const read = JSON.parse(json(reports));
    assert.equal(v.parse(ReportFileSchema, read), reports.length === 1 ? reports[0] : reports);
  }
});

test("an unknown or missing field, verdict, level or count is refused", () => {
  const [one] = everyVerdict.cases;
  const withCase = (changes: object) => ({ ...everyVerdict, cases: [{ ...one, ...changes }] });
  assert.ok(accepts(withCase({})));
  assert.not(accepts({ ...everyVerdict, extra: 1 }));
  assert.not(accepts({ ...everyVerdict, schema: "steelyard/report/2" }));
  assert.not(accepts({ ...everyVerdict, conforms: undefined }));
  assert.not(accepts({ ...everyVerdict, started: "yesterday" }));
  assert.not(accepts({ ...everyVerdict, summary: { ...everyVerdict.summary, pass: -1 } }));
  assert.not(accepts({ ...everyVerdict, summary: { pass: 1 } }));
  assert.not(accepts(withCase({ verdict: "passed" })));
  assert.not(accepts(withCase({ level: "must" })));
  assert.not(accepts(withCase({ extra: 1 })));
  assert.not(accepts(withCase({ sent: undefined })));
});

test("all three answers to whether it conforms are valid", () => {
  for (const conforms of [true, false, null]) assert.ok(accepts(makeReport([], { conforms })));
});

test("the published JSON Schema is the one generated", () => {
  const published = readFileSync(new URL("report.schema.json", import.meta.url), "utf8");
  assert.is(published, jsonSchemaText(), "run conformance/report/write-json-schema.ts");
  const { $schema, $id } = JSON.parse(published);
  assert.is($schema, "https://json-schema.org/draft/2020-12/schema");
  assert.is($id, JSON_SCHEMA_ID);
});

test.run();
