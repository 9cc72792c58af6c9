import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeIncomplete, makeResults } from "../report/fixture.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { mdalpTable, proxyTable, publishedSections, tableFor } from "./mod.ts";
import { ordering } from "./ordering.ts";
import { LAB_FIGURES, LAB_VERDICTS } from "./proxy-lab.ts";

const results = makeResults();
const about = (value: number, rounds = LEAST_ROUNDS) =>
  Array.from({ length: rounds }, (_, i) => value + i / 100);

test("an order has > where the intervals lie apart, = where they do not", () => {
  const entries = [
    { label: "A", values: about(10) },
    { label: "B", values: about(20) },
    { label: "C", values: about(20.01) },
  ];
  assert.is(ordering(entries, "higher"), "C = B > A");
  assert.is(ordering(entries, "lower"), "A > B = C");
});

test("too few rounds tell nothing apart, and what the client limited has no place", () => {
  const few = [{ label: "A", values: about(10, LEAST_ROUNDS - 1) }, {
    label: "B",
    values: about(20),
  }];
  assert.is(ordering(few, "higher"), "B = A");
  const limited = [{ label: "A", values: undefined }, { label: "B", values: about(20) }];
  assert.is(ordering(limited, "higher"), "B (A: client was the limit)");
  const none = [{ label: "A", values: undefined }, { label: "B", values: [] }];
  assert.is(ordering(none, "higher"), "A: client was the limit; B: no round counts");
});

test("the published orders are those of the published figures", () => {
  const order = (of: (one: typeof LAB_FIGURES[number]) => number) =>
    [...LAB_FIGURES].sort((a, b) => of(a) - of(b)).map(({ setUp }) => setUp).join(" > ");
  const failed = (one: typeof LAB_FIGURES[number]) => (one.timeouts + one.non2xx) / one.requests;
  const uneven = ({ served }: typeof LAB_FIGURES[number]) =>
    Math.max(...served) / (served[0] + served[1]);
  assert.equal(LAB_VERDICTS.map(({ best }) => best.replace(">>>", ">")), [
    order(({ requestsPerSecond }) => -requestsPerSecond),
    order(({ meanLatencyMs }) => meanLatencyMs),
    order(failed),
    order(uneven),
  ]);
});

test("ours has the four metrics of the proxy lab for each runtime that has all three set-ups", () => {
  const { ours } = proxyTable(results);
  assert.equal(ours.map(({ caption }) => caption.split(", on ")[1]), ["bun", "deno", "node"]);
  const rows = ours[0]?.rows.map((row) => row.slice(0, 2));
  assert.equal(rows, [
    ["Throughput", "AI LB = Bash LB > No LB"],
    ["Latency", "AI LB = Bash LB > No LB"],
    ["Reliability", "No LB = AI LB > Bash LB"],
    ["Distribution", "AI LB > Bash LB > No LB"],
  ]);
});

test("a proxy that the client limited is not placed by throughput or latency", () => {
  const limited = {
    ...results,
    workloads: results.workloads.map((one) => ({
      ...one,
      setUps: one.setUps.map((setUp) => ({
        ...setUp,
        clientLimited: setUp.clientLimited || setUp.name === "history",
      })),
    })),
  };
  const [first] = proxyTable(limited).ours;
  assert.is(first?.rows[0]?.[1], "Bash LB > No LB (AI LB: client was the limit)");
  assert.not.match(String(first?.rows[0]?.[2]), "AI LB");
  assert.is(first?.rows[3]?.[1], "AI LB > Bash LB > No LB");
});

test("ours has the columns of the MDALP table, the elapsed time being the ratio times the bound", () => {
  const [first] = mdalpTable(results).ours;
  const [balanced, a] = first?.rows ?? [];
  assert.equal(balanced?.slice(0, 4), ["Load balance", "-", "-", "0.0"]);
  assert.equal(a?.slice(0, 3), ["Non load balance", "A", "33.515"]);
  const setUp = results.workloads.flatMap(({ setUps }) => setUps).find(({ id }) =>
    id === "5kB/balanced/loss-0/bun"
  );
  // 50 packets over 1/33.515 + 1/16.284 + 1/15.686 packets a millisecond.
  const elapsedS = (setUp?.value?.median ?? NaN) * 50 / (1 / 33.515 + 1 / 16.284 + 1 / 15.686) /
    1000;
  assert.match(String(balanced?.[4]), new RegExp(`^${elapsedS.toFixed(3)} \\(`));
});

test("what was not measured stands beside nothing", () => {
  assert.equal(publishedSections(makeIncomplete()), []);
  assert.match(tableFor("proxy", makeIncomplete()), "ours: this run has measured no such set-ups");
});

test("a table for a terminal has theirs, marked, and ours", () => {
  const text = tableFor("mdalp", results, { columns: 80, color: false });
  assert.match(text, "published, other machines: MDALP client, section 5.3");
  assert.match(text, /Non load balance +A +335\.148 +inf +failed/);
  assert.match(text, /ours: 5 kB at 1\/10 of the latencies, no loss, on bun/);
  assert.ok(text.split("\n").every((line) => line.length <= 80));
});

test.run();
