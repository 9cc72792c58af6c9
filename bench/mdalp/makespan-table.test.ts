import { test } from "uvu";
import * as assert from "uvu/assert";
import { splitTable, timeoutTable } from "./makespan-table.ts";

test("sets the makespans of a split against the bound", () => {
  const splits = [{ name: "greedy", packets: [9, 21], makespansMs: [2200, 2000, 2100] }];
  const table = splitTable(2000, splits);
  assert.match(table, "N/S is 2.00 s");
  assert.match(table, /greedy +9\/21 +2\.10 s +1\.050 \(1\.000\.\.1\.100\)/);
});

test("shows each seed's pair, and the median of their ratios", () => {
  const timed = (makespanMs: number) => ({ makespanMs, retransmissions: 2 });
  const table = timeoutTable([
    { seed: 1, fixed: timed(9000), adaptive: timed(3000) },
    { seed: 2, fixed: timed(4000), adaptive: timed(4000) },
    { seed: 3, fixed: timed(8000), adaptive: timed(4000) },
  ]);
  assert.match(table, /^ +1 +9\.00 s \(2\) +3\.00 s \(2\) +3\.00$/m);
  assert.match(table, "fixed     8.00 (4.00..9.00) s");
  assert.match(table, "adaptive  4.00 (3.00..4.00) s");
  assert.match(table, "fixed/adaptive 2.00 (1.00..3.00)");
});

test.run();
