import { test } from "uvu";
import * as assert from "uvu/assert";
import { leastRequests } from "./least-requests.ts";
import { bench, picks } from "./test-kit.ts";

test("least-requests picks the server with the fewest requests in flight", () => {
  const { listed } = bench(3);
  [3, 1, 2].forEach((inFlight, index) => Object.assign(listed[index] ?? {}, { inFlight }));
  assert.is(picks(leastRequests({ listed }), listed, 4), "bbbb");
});

test("idle servers take turns", () => {
  const { listed } = bench(3);
  assert.is(picks(leastRequests({ listed }), listed, 7), "abcabca");
});

test("equally busy servers take turns, the busier one is left out", () => {
  const { listed } = bench(4);
  [1, 2, 1, 1].forEach((inFlight, index) => Object.assign(listed[index] ?? {}, { inFlight }));
  assert.is(picks(leastRequests({ listed }), listed, 6), "acdacd");
});

test("requests that stay in flight are spread evenly", () => {
  const { listed } = bench(3);
  const strategy = leastRequests({ listed });
  for (let sent = 0; sent < 30; sent++) strategy.pick(listed)!.inFlight++;
  assert.equal(listed.map(({ inFlight }) => inFlight), [10, 10, 10]);
});

test("fewer usable servers than before are no trouble, nor are none", () => {
  const { listed } = bench(3);
  const strategy = leastRequests({ listed });
  picks(strategy, listed, 3);
  assert.is(picks(strategy, listed.slice(0, 1), 2), "aa");
  assert.is(strategy.pick([]), undefined);
});

test("a server behind one that fails each time gets its turn, and that of the other", () => {
  const { listed } = bench(3);
  const [a, b, c] = listed;
  const strategy = leastRequests({ listed });
  const reached = Array.from({ length: 4 }, () => {
    const first = strategy.pick(listed)!;
    return first === b ? strategy.pick([a, c!])! : first;
  });
  assert.is(reached.map(({ host }) => host).join(""), "acac");
});

test.run();
