import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RecentlyClosed } from "./recently-closed.ts";

const test = suite("recently closed");

test("knows exactly the SEQs that were there", () => {
  const seqs = fc.uniqueArray(fc.nat(60)).map((all) => all.sort((a, b) => a - b));
  fc.assert(fc.property(seqs, (had) => {
    const closed = new RecentlyClosed();
    closed.add(5, had);
    for (let seq = -1; seq < 62; seq++) assert.is(closed.has(5, seq), had.includes(seq), `${seq}`);
    assert.is(closed.has(6, had[0] ?? 0), false);
  }));
});

test("keeps the last eight, and forgets one that is opened anew", () => {
  const closed = new RecentlyClosed();
  for (let tid = 1; tid <= 10; tid++) closed.add(tid, [0]);
  assert.equal([1, 2, 3, 10].map((tid) => closed.has(tid, 0)), [false, false, true, true]);
  closed.forget(10);
  assert.is(closed.has(10, 0), false);
});

test("keeps a bounded number of ranges of who sends every other packet", () => {
  const closed = new RecentlyClosed();
  const odd = Array.from({ length: 100_000 }, (_, i) => 2 * i);
  closed.add(1, odd);
  assert.is(odd.filter((seq) => seq < 10_000 && closed.has(1, seq)).length, 4096);
});

test.run();
