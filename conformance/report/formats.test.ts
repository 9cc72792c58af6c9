import { test } from "uvu";
import * as assert from "uvu/assert";
import { everyVerdict } from "./fixture.ts";
import { FORMATS, parseReportOption, parseReportOptions, ReportOptionError } from "./formats.ts";

/** What the function throws, as it must be a ReportOptionError. */
function refusal(act: () => unknown): ReportOptionError {
  try {
    act();
  } catch (error) {
    assert.instance(error, ReportOptionError);
    return error as ReportOptionError;
  }
  throw new Error("nothing was thrown");
}

test("every format makes text of no report, one and two", () => {
  for (const [name, format] of Object.entries(FORMATS)) {
    for (const reports of [[], [everyVerdict], [everyVerdict, everyVerdict]]) {
      assert.type(format(reports), "string", name);
    }
    assert.ok(format([everyVerdict]).endsWith("\n"), name);
  }
});

test("an option is a format and a file, which may hold an equals sign", () => {
  assert.equal(parseReportOption("junit=out.xml"), { format: "junit", file: "out.xml" });
  assert.equal(parseReportOption("json=a=b"), { format: "json", file: "a=b" });
  assert.equal(parseReportOption("tap=-"), { format: "tap", file: "-" });
});

test("an unknown format is named with what was likely meant and the list", () => {
  const { code, message } = refusal(() => parseReportOption("junt=out.xml"));
  assert.is(code, "format");
  assert.match(message, 'no format "junt". Did you mean junit=out.xml?');
  assert.match(message, "json, junit, tap, markdown, ctrf, badge, html");
  assert.match(refusal(() => parseReportOption("mark=x")).message, "Did you mean markdown=x?");
  assert.match(refusal(() => parseReportOption("HTML=x")).message, "Did you mean html=x?");
});

test("a format that is like none gets no suggestion, nor does a property of objects pass for one", () => {
  for (const text of ["gradescope=x", "constructor=x", "=x", ""]) {
    assert.not.match(refusal(() => parseReportOption(text)).message, "Did you mean");
  }
});

test("a missing file is asked for", () => {
  for (const text of ["junit", "junit="]) {
    const { code, message } = refusal(() => parseReportOption(text));
    assert.is(code, "file");
    assert.match(message, "write junit=FILE, or junit=- for standard output");
  }
});

test("two reports in one file are refused", () => {
  assert.is(parseReportOptions(["json=a", "junit=b"]).length, 2);
  assert.match(refusal(() => parseReportOptions(["json=a", "junit=a"])).message, "both write to a");
});

test.run();
