import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RoundResult, SetUpResult } from "../results.ts";
import { failuresText, measuredText } from "./figures.ts";
import { makeResults } from "./fixture.ts";

const { workloads } = makeResults();
const setUps = workloads.flatMap((one) => one.setUps);
const setUp = setUps[0] as SetUpResult;
const round = setUp.rounds[0] as RoundResult;

/** A set-up of two rounds with 495 right transfers each, of which the second one is void. */
function failing(failures: Record<string, number>): SetUpResult {
  const counting = { ...round, requests: 495 };
  const rounds = [counting, { ...counting, round: 2, value: null, void: "a body was cut" }];
  return { ...setUp, rounds, requests: 495, failures };
}

test("failures are a share of all that was begun, in void rounds too", () => {
  assert.is(failuresText(failing({ truncated: 8, timeout: 2 })), "8 truncated, 2 timeout (1 %)");
  assert.is(failuresText(failing({ truncated: 0 })), "");
});

test("where nothing but failures came they are all", () => {
  const rounds = [{ ...round, requests: 0 }];
  assert.is(failuresText({ ...setUp, rounds, failures: { refused: 3 } }), "3 refused (100 %)");
});

test("a window is the least time that a set-up is measured", () => {
  const [workload] = workloads;
  if (!workload) throw new Error("no workload");
  const text = measuredText({ ...workload, rounds: 1, windowMs: 180 });
  assert.is(text, "1 round of at least 180 ms a set-up");
});

test.run();
