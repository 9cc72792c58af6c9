import { test } from "uvu";
import * as assert from "uvu/assert";
import { busyWarnings, parseTicks, useBetween } from "./busy-machine.ts";
import type { Looks } from "./busy-machine.ts";

const QUIET: Looks = {
  before: { busy: 0.05, stolen: 0 },
  after: { busy: 0.05, stolen: 0 },
  during: { busy: 1, stolen: 0 },
  load: 0,
};

const STAT = "cpu  100 20 30 800 40 5 5 10 0 0\ncpu0 50 10 15 400 20 2 3 5 0 0\n";

test("reads the kernel's counts", () => {
  assert.equal(parseTicks(STAT), { busy: 170, stolen: 10, all: 1010 });
  assert.is(parseTicks("nothing of the kind"), undefined);
});

test("tells the shares between two looks", () => {
  const before = { busy: 100, stolen: 0, all: 1000 };
  assert.equal(useBetween(before, { busy: 150, stolen: 10, all: 1200 }), {
    busy: 0.25,
    stolen: 0.05,
  });
  assert.is(useBetween(before, before), undefined);
  assert.is(useBetween(undefined, before), undefined);
});

test("a quiet machine gives no warning, whatever the load average of the minutes before was", () => {
  assert.equal(busyWarnings(2, { ...QUIET, load: 1.9 }), []);
});

test("other programs, a high load average and a host that takes time give one each", () => {
  const warned = (looks: Partial<Looks>) => busyWarnings(2, { ...QUIET, ...looks })[0] ?? "";
  assert.match(warned({ before: { busy: 0.5, stolen: 0 } }), "other programs used 50 %");
  assert.match(warned({ after: { busy: 0.4, stolen: 0 } }), "right after the measurement");
  assert.match(warned({ before: undefined, load: 2.5 }), "load average was 2.50");
  assert.match(warned({ during: { busy: 0.9, stolen: 0.1 } }), "took 10 % of its processors' time");
});

test.run();
