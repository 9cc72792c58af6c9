import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFileSync } from "node:child_process";
import * as v from "valibot";
import { runtime } from "../src/net/mod.ts";
import { check, reproduceCommand, selectCases } from "./check.ts";
import type { CheckOptions, Selection } from "./check.ts";
import { implementation } from "./engine/run/test-kit.ts";
import { reference } from "./reference.ts";
import { redirectSuite } from "./redirect/mod.ts";
import { json, ReportSchema } from "./report/mod.ts";

function selected(selection: Selection): string[] {
  return selectCases(redirectSuite, selection).map(({ id }) => id);
}

const levelOf = new Map(redirectSuite.rules.map(({ id, level }) => [id, level]));

function levels(selection: Selection): string[] {
  const found = selectCases(redirectSuite, selection).map(({ rule }) => levelOf.get(rule)!);
  return [...new Set(found)].sort();
}

test("without a selection all cases are chosen, in their order", () => {
  assert.equal(selected({}), redirectSuite.cases.map(({ id }) => id));
});

test("a role has its own cases and those that it takes part in", () => {
  const chosen = selected({ role: "server" });
  assert.ok(chosen.includes("redirect.server.404/file"));
  assert.ok(chosen.includes("redirect.system.files-intact"));
  assert.not(chosen.some((id) => id.startsWith("redirect.client.")));
  assert.equal(selected({ role: "nobody" }), []);
});

test("a level is taken with the stronger ones", () => {
  assert.equal(levels({ level: "MUST" }), ["MUST"]);
  assert.equal(levels({ level: "SHOULD" }), ["MUST", "SHOULD"]);
  assert.equal(levels({ level: "MAY" }), ["MAY", "MUST", "SHOULD"]);
});

test("globs fit a case's id, or its rule's for all variants", () => {
  const variants = redirectSuite.cases
    .filter(({ rule }) => rule === "redirect.server.404")
    .map(({ id }) => id);
  assert.ok(variants.length > 1);
  assert.equal(selected({ only: ["redirect.server.404"] }), variants);
  assert.equal(selected({ only: ["redirect.server.4*"] }), variants);
  assert.equal(selected({ only: ["redirect.server.404/file"] }), ["redirect.server.404/file"]);
  assert.equal(selected({ only: ["*/file"] }).filter((id) => !id.endsWith("/file")), []);
  assert.equal(selected({ only: ["redirect.server.404x"] }), []);
});

test("several globs are any of them, and the parts of a selection are all of them", () => {
  const both = selected({ only: ["redirect.server.404/file", "redirect.client.direct/*"] });
  assert.ok(both.includes("redirect.server.404/file"));
  assert.ok(both.includes("redirect.client.direct/page"));
  assert.equal(
    selected({ only: ["redirect.server.404/file", "redirect.client.direct/*"], role: "client" }),
    both.filter((id) => id.startsWith("redirect.client.")),
  );
});

/** The arguments that a shell makes of a command. */
function shellArguments(command: string): string[] {
  const [program, ...rest] = command.split(" ");
  assert.is(program, "npx");
  const script = `for one in ${rest.join(" ")}; do printf '%s\\0' "$one"; done`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("the command that reproduces a case survives a shell, whatever the path", () => {
  const made = implementation({ roles: {} });
  for (const given of ["./plain", "my folder", "it's", "$HOME;`id`", 'a"b', "*", ""]) {
    const command = reproduceCommand("redirect.server.404/file", { ...made, given }, {
      seed: 7,
      on: "node",
    });
    assert.equal(shellArguments(command), [
      "steelyard",
      "check",
      given,
      "--system",
      "redirect",
      "--only",
      "redirect.server.404/file",
      "--seed",
      "7",
    ]);
  }
});

test("what needs no quoting has none", () => {
  const made = { ...implementation({ roles: {} }), given: "./my-submission" };
  assert.is(
    reproduceCommand("redirect.server.404", made, { seed: 1, on: "bun" }),
    "npx steelyard check ./my-submission --system redirect --only redirect.server.404 --seed 1",
  );
});

test("programs of our own are reproduced on the same runtime", () => {
  const made = implementation({ roles: {} });
  const command = (given: string) =>
    reproduceCommand("a", { ...made, given }, { seed: 1, on: "deno" });
  assert.match(command("reference"), / reference --runtime deno /);
  assert.match(command("mutant:some"), / mutant:some --runtime deno /);
  assert.not.match(command("./reference"), /--runtime/);
});

const OPTIONS: CheckOptions = {
  selection: { only: ["redirect.server.404", "redirect.client.direct/page"] },
  on: runtime,
  jobs: 2,
  seed: 3,
  fast: false,
  timeoutMs: undefined,
};

test("a check of the reference passes, and its report is valid as JSON", async () => {
  const told: string[] = [];
  const report = await check(redirectSuite, reference("redirect", runtime)!, {
    ...OPTIONS,
    onVerdict: ({ case: one }) => told.push(one.id),
  });
  const read = v.parse(ReportSchema, JSON.parse(json([report])));
  const ids = selected(OPTIONS.selection);
  assert.equal(read.cases.map(({ id }) => id), ids);
  assert.equal(told.sort(), [...ids].sort());
  assert.is(read.conforms, true);
  assert.is(read.summary.pass, ids.length);
  assert.equal(read.cases.map(({ verdict }) => verdict), ids.map(() => "pass"));
  assert.is(read.seed, 3);
  assert.is(read.host.runtime, runtime);
  assert.match(read.implementation.digest, /^sha256:[0-9a-f]{64}$/);
  assert.match(read.suite.digest, /^sha256:[0-9a-f]{64}$/);
});

test("a failure's report holds the evidence, and no conformance", async () => {
  const made = implementation({
    roles: { server: { run: ["sh", "-c", "echo no port; exit 3"], port: "given" } },
  });
  const report = await check(redirectSuite, made, {
    ...OPTIONS,
    selection: { only: ["redirect.server.404/file", "redirect.client.direct/page"] },
  });
  const read = v.parse(ReportSchema, JSON.parse(json([report])));
  assert.is(read.conforms, false);
  const verdicts = Object.fromEntries(read.cases.map(({ id, verdict }) => [id, verdict]));
  assert.equal(verdicts, {
    "redirect.client.direct/page": "unsupported",
    "redirect.server.404/file": "fail",
  });
  const failed = read.cases.find(({ verdict }) => verdict === "fail")!;
  assert.match(failed.sent ?? "", /^started: /);
  assert.match(failed.actual ?? "", /no port/);
});

test.run();
