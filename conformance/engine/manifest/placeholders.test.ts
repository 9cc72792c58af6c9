import { test } from "uvu";
import * as assert from "uvu/assert";
import { ManifestError } from "./manifest-error.ts";
import { expandArguments, expandText } from "./placeholders.ts";

const values = {
  servers: ["127.0.0.1:81", "127.0.0.1:82"],
  port: 8080,
  url: "http://h/f",
  peers: [],
};

function problem(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof ManifestError && error.code === "invalid") return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a list that is an argument becomes one argument an element", () => {
  assert.equal(expandArguments(["b", "{servers}", "-p", "{port}"], values), [
    "b",
    "127.0.0.1:81",
    "127.0.0.1:82",
    "-p",
    "8080",
  ]);
});

test("an empty list becomes no argument", () => {
  assert.equal(expandArguments(["b", "{peers}"], values), ["b"]);
});

for (
  const [join, text] of [
    ["lines", "127.0.0.1:81\n127.0.0.1:82"],
    ["space", "127.0.0.1:81 127.0.0.1:82"],
    ["comma", "127.0.0.1:81,127.0.0.1:82"],
    ["json", '["127.0.0.1:81","127.0.0.1:82"]'],
  ] as const
) {
  test(`:${join} joins a list into one argument, and in text`, () => {
    assert.equal(expandArguments([`{servers:${join}}`], values), [text]);
    assert.is(expandText(`<{servers:${join}}>`, values), `<${text}>`);
  });
}

test("a single value is itself under a join, and JSON quotes it", () => {
  assert.is(
    expandText("{url:lines} {url:json} {port:json}", values),
    'http://h/f "http://h/f" 8080',
  );
});

test("a list inside an argument says what to write", () => {
  const message = problem(() => expandArguments(["--to={servers}"], values, "balancer"));
  assert.match(message, 'role balancer: {servers} is a list, and "--to={servers}" has no place');
  assert.match(message, "{servers:comma}");
  assert.match(problem(() => expandText("{servers}", values)), "{servers:lines}");
});

test("an unknown placeholder names the nearest", () => {
  const message = problem(() => expandArguments(["{ulr}"], values, "client"));
  assert.match(message, 'role client: unknown placeholder {ulr}; did you mean "url"?');
});

test("a placeholder without a value names the role and what there is", () => {
  const message = problem(() => expandText("{cache}", values, "site"));
  assert.is(
    message,
    "role site: {cache} has no value in this case; it gives {peers} {port} {servers} {url}",
  );
  assert.match(problem(() => expandText("{id}", {})), "it gives none");
  assert.match(problem(() => expandText("{id}", { id: undefined })), "no value");
});

test("a name of Object.prototype is no value", () => {
  assert.match(
    problem(() => expandText("{constructor}", values)),
    "unknown placeholder {constructor}",
  );
});

test("a value is never expanded again", () => {
  assert.is(expandText("{url}", { url: "{port}", port: 1 }), "{port}");
});

test("braces are kept, doubled ones halved", () => {
  assert.equal(expandArguments(['{ "a": 1 }', "{{url}}"], values), ['{ "a": 1 }', "{url}"]);
  assert.is(
    expandText('{"a":{"servers":{servers:json}}}', values),
    '{"a":{"servers":["127.0.0.1:81","127.0.0.1:82"]}}',
  );
});

test.run();
