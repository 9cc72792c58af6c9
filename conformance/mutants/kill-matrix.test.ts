/** Slow: every mutant against all cases of its rule, and some of the others. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { allRules } from "../suites.ts";
import { asHeld, keptDocument } from "./kept-rows.ts";
import { faultOf, killMatrix } from "./kill-matrix.ts";
import { MUTANTS } from "./list.ts";

const SEED = 1;

test("every rule has a mutant, and every mutant breaks a rule", () => {
  const broken = new Set(MUTANTS.map(({ breaks }) => breaks));
  const ids = allRules().map(({ id }) => id);
  assert.equal(ids.filter((id) => !broken.has(id)), []);
  assert.equal([...broken].filter((id) => !ids.includes(id)), []);
});

test("mutants have names of their own", () => {
  assert.is(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
});

test("a fault is found by its rule and by no other, as docs/kill-matrix.md has it", async () => {
  // On Bun, which starts fastest: the matrix is about the suite, and verify.ts about the runtimes.
  const kills = await killMatrix({ on: "bun", extent: "sample", seed: SEED });
  const faults = kills.map((kill) => [kill.mutant.name, faultOf(kill)])
    .filter(([, fault]) => fault !== undefined);
  assert.equal(faults, []);
  assert.fixture(...asHeld(kills, keptDocument()));
});

test.run();
