import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { ResultsSchema } from "../results.ts";
import type { Results } from "../results.ts";
import { csv } from "./csv.ts";
import { makeHostile } from "./fixture-hostile.ts";
import { makeIncomplete, makeResults } from "./fixture.ts";
import { html } from "./html.ts";
import { JSON_SCHEMA_FILE, JSON_SCHEMA_ID, jsonSchemaText } from "./json-schema.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { resultTable } from "./table.ts";

const results = makeResults();
const hostile = makeHostile();

/** Rows of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows[rows.length - 1]?.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

function records(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

test("JSON is read again as what was measured", () => {
  for (const one of [results, makeIncomplete(), hostile]) {
    assert.equal(v.parse(ResultsSchema, JSON.parse(json(one))), JSON.parse(JSON.stringify(one)));
  }
});

test("the published JSON Schema is the one generated", () => {
  const published = readFileSync(JSON_SCHEMA_FILE, "utf8");
  assert.is(published, jsonSchemaText(), "run bench/report/write-json-schema.ts");
  assert.is(JSON.parse(published).$id, JSON_SCHEMA_ID);
});

test("CSV has a line for each set-up in each round, values raw", () => {
  const rows = records(csv(results));
  const rounds = results.workloads.flatMap(({ setUps }) => setUps).flatMap((one) => one.rounds);
  assert.is(rows.length, rounds.length);
  const [first] = rows;
  assert.is(Number(first?.value), rounds[0]?.value);
  assert.is(first?.unit, "requests/s");
  assert.is(Number(first?.latency_p99_us), rounds[0]?.latency.p99);
  assert.equal(JSON.parse(first?.servers_json ?? ""), rounds[0]?.servers);
});

test("a void round has its reason in CSV and no value", () => {
  const rows = records(csv(results)).filter(({ void_reason }) => void_reason !== "");
  assert.is(rows.length, 2);
  assert.is(rows[0]?.value, "");
  assert.is(JSON.parse(rows[0]?.mismatch_json ?? "").at, 512);
});

test("every row of CSV has as many fields as the header, with hostile text too", () => {
  for (const one of [results, hostile]) {
    const rows = parseCsv(csv(one));
    assert.equal([...new Set(rows.map((row) => row.length))], [rows[0]?.length]);
  }
  const fields = parseCsv(csv(formulas())).flat();
  assert.ok(fields.includes("'=1+1"));
  assert.not(fields.some((one) => /^[=+@-]/.test(one)));
});

/** Names that a spreadsheet would calculate. */
function formulas(): Results {
  const [first] = results.workloads;
  if (!first) throw new TypeError("no workload");
  return {
    ...results,
    workloads: [{ ...first, setUps: first.setUps.map((one) => ({ ...one, name: "=1+1" })) }],
  };
}

/** The figures of the set-up that the client limited, as the formats would write them. */
function limitedFigures(): string[] {
  const limited = results.workloads.flatMap(({ setUps }) => setUps).filter((one) =>
    one.clientLimited
  );
  assert.is(limited.length, 1);
  return limited.flatMap(({ value, rounds }) =>
    [value?.median, value?.low, value?.high, ...rounds.map((round) => round.value)].flatMap(
      (one) => {
        const figure = one ?? NaN;
        return [
          String(figure),
          Math.round(figure).toLocaleString("en-US"),
          String(Math.round(figure)),
        ];
      },
    )
  );
}

test("no format gives a figure of a server that the client limited", () => {
  const told = {
    table: resultTable(results, { columns: 100, color: false }),
    markdown: markdown(results),
    // Coordinates are no figures.
    html: html(results).replace(/<style>[^]*?<\/style>|<[^>]*>/g, " "),
  };
  const figures = limitedFigures();
  for (const [format, text] of Object.entries(told)) {
    const limit = /client was the limit \((?:\\?>|&#62;|&gt;)= [\d,]+\)/g;
    assert.ok(limit.test(text), format);
    const rest = text.replace(limit, "");
    assert.equal(figures.filter((one) => rest.includes(one)), [], format);
    assert.match(
      rest,
      /nginx[ |]+nginx[ |]+–[ |]+–/,
      format,
    );
  }
  const rows = records(csv(results)).filter(({ client_limited }) => client_limited === "true");
  assert.is(rows.length, 8);
  for (const row of rows) {
    assert.is(row.value, "");
    assert.is(row.latency_p50_us, "");
    assert.ok(Number(row.value_bound) > 70_000);
  }
});

test("a comparison with a server that the client limited is none, whatever its ratio", () => {
  const peers = results.workloads.filter(({ name }) => name === "peers");
  const claimed = {
    ...results,
    workloads: peers.map((one) => ({
      ...one,
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        ratio: { median: 12.34, low: 12.33, high: 12.35 },
        significant: true,
        sentence: "won 12.34 times",
      })),
    })),
  };
  const rows = markdown(claimed).split("\n").filter((line) =>
    line.includes("nginx are not compared")
  );
  assert.is(rows.length, 1);
  assert.not.match(rows[0] ?? "", /12\.34|yes/);
});

test("fewer rounds than an interval needs have none", () => {
  const few = {
    ...results,
    workloads: results.workloads.map((one) => ({
      ...one,
      setUps: one.setUps.map((setUp) => ({ ...setUp, rounds: setUp.rounds.slice(0, 2) })),
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        pairs: 2,
        significant: false,
        sentence: "",
      })),
    })),
  };
  const interval = /[\d.,]+ \([\d.,]+\.\.[\d.,]+\)/g;
  const told = markdown(few).split("\n").filter((line) => line.startsWith("|"));
  assert.equal(told.flatMap((line) => line.match(interval) ?? []), []);
  assert.ok(told.some((line) => line.endsWith("| too few rounds |")));
  assert.not.match(html(few), "a line its 95 % interval");
  assert.match(html(results), "a line its 95 % interval");
  assert.ok((markdown(results).match(interval) ?? []).length > 30);
});

test("Markdown has the sentences, tables, environment, command and warnings", () => {
  const text = markdown(results);
  assert.match(
    text,
    /^- \*\*proxy\*\*\n {2}- Three unequal upstreams: least-requests on bun came first with 30,\d+ requests/m,
  );
  assert.match(text, /^\| random-load \| bun \| 20,\d+ \(/m);
  assert.match(text, "| processor | Example CPU");
  assert.match(text, "```\nsteelyard bench redirect");
  assert.match(text, /^- warning: the machine was busy/m);
  assert.match(text, "published, other machines: MDALP client");
});

test("hostile text adds no cell, no link and no HTML to Markdown", () => {
  const [code, ...prose] = markdown(hostile).split("\n").reverse().join("\n").split("\n");
  assert.type(code, "string");
  const outside = prose.filter((line) => !line.startsWith("]]> <!--"));
  const cells = (line: string) => line.match(/(?<!\\)\|/g)?.length ?? 0;
  assert.ok(outside.length > 100);
  assert.not(outside.some((line) => /(?<!\\)[<`]/.test(line.replace(/^`+$/, ""))));
  assert.not(outside.some((line) => /(?<!\\)\]\(/.test(line)));
  const plainRows = markdown(results).split("\n").filter((line) => line.startsWith("| random"));
  const rows = outside.filter((line) => line.startsWith("| random"));
  assert.ok(rows.length > 0);
  assert.is(cells(rows[0] ?? ""), cells(plainRows[0] ?? ""));
});

test.run();
