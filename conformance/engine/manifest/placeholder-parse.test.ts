import { test } from "uvu";
import * as assert from "uvu/assert";
import { ManifestError } from "./manifest-error.ts";
import { parseTemplate, templateProblem } from "./placeholder-parse.ts";

test("text and placeholders alternate", () => {
  assert.equal(parseTemplate("a {host}:{servers:json}"), [
    { kind: "literal", text: "a " },
    { kind: "placeholder", name: "host", join: undefined },
    { kind: "literal", text: ":" },
    { kind: "placeholder", name: "servers", join: "json" },
  ]);
  assert.equal(parseTemplate(""), []);
});

for (
  const [template, text] of [
    ["{{host}}", "{host}"],
    ["{{", "{"],
    ["}}", "}"],
    ["{", "{"],
    ["}", "}"],
    ['{ "a": 1 }', '{ "a": 1 }'],
    ['{"a":{"b":1}}', '{"a":{"b":1}}'],
    ['{"a":{"b":{}}} }}', '{"a":{"b":{}}} }'],
    ['{"a": "{{x}}"}', '{"a": "{x}"}'],
    ["awk '{print $1}'", "awk '{print $1}'"],
    ["{1}{}{ host }", "{1}{}{ host }"],
  ] as const
) {
  test(`${template} stands for ${text}`, () => {
    assert.equal(parseTemplate(template), [{ kind: "literal", text }]);
  });
}

test("escaped braces may stand around a placeholder", () => {
  assert.equal(parseTemplate("{{{port}}}"), [
    { kind: "literal", text: "{" },
    { kind: "placeholder", name: "port", join: undefined },
    { kind: "literal", text: "}" },
  ]);
});

test("an unknown join names the nearest", () => {
  assert.throws(
    () => parseTemplate("{servers:line}"),
    (error: unknown) =>
      error instanceof ManifestError && error.code === "invalid" &&
      error.message === 'unknown join "line" in {servers:line}; did you mean "lines"?',
  );
});

test("a template's problem is told without any values", () => {
  assert.is(templateProblem("{servers:comma} {url}"), undefined);
  assert.match(
    templateProblem("{sevrers}") ?? "",
    'unknown placeholder {sevrers}; did you mean "servers"?',
  );
  assert.match(templateProblem("${HOME}") ?? "", "write {{HOME}}");
  assert.match(templateProblem("{url:x}") ?? "", "joins are lines, space, comma, json");
});

test.run();
