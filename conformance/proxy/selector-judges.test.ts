import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  atInterval,
  atIntervalOrLess,
  evenFault,
  gapsOf,
  incompleteReads,
  median,
  settledPicks,
} from "./selector-judges.ts";
import type { Rewrite } from "./state-watch.ts";

const LISTED = ["127.0.0.1:20001", "127.0.0.1:20002"];

/** `A 10 B | A`: rewrites a second apart, or as many milliseconds as said; a bar where some may be missing. */
function sequence(text: string): Rewrite[] {
  const rewrites: Rewrite[] = [];
  let atMs = 0;
  let afterGap = false;
  for (const part of text.split(" ")) {
    if (/^\d+$/.test(part)) atMs += Number(part) - 1000;
    else if (part === "|") afterGap = true;
    else {
      const index = "AB".indexOf(part);
      rewrites.push({ atMs, content: LISTED[index] ?? "", index, afterGap });
      atMs += 1000;
      afterGap = false;
    }
  }
  return rewrites;
}

test("the median is the middle, or between the two", () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 3, 2]), 2.5);
  assert.is(median([5]), 5);
  assert.ok(Number.isNaN(median([])));
});

test("rewrites are at an interval where the usual gap is", () => {
  assert.equal(gapsOf(sequence("A B 1500 A")), [1, 1.5]);
  for (
    const [gaps, right] of [[[1, 1, 9], true], [[0.5], false], [[2, 2], false], [
      [],
      false,
    ]] as const
  ) {
    assert.is(atInterval(gaps, 1), right, `${gaps}`);
  }
});

test("a random selector may write only what changes, and then at several intervals", () => {
  for (
    const [text, right] of [
      ["A A B A", true],
      ["A 2000 A 2000 B 2000 B", false],
      ["A 500 B 500 A 500 B", false],
      ["A 3000 B 2000 A", undefined],
      ["A 3000 B 2000 A B", true],
      ["A 3000 B 2000 A 2000 A", false],
      ["A 3000 B 500 A 3000 B", false],
    ] as const
  ) assert.is(atIntervalOrLess(sequence(text), 1), right, text);
});

test("turns from the first server on are even", () => {
  for (const text of ["A", "A B", "A B A B A", "A 2 A B A B", "A 2 B A B A"]) {
    assert.is(evenFault(sequence(text), 300), undefined, text);
  }
});

test("the second server first, or one twice, is not", () => {
  for (const text of ["B A B A", "A A B", "A B A A", "A B B A", "A 2 B B A"]) {
    assert.type(evenFault(sequence(text), 300), "string", text);
  }
});

test("where a rewrite may be missing, the turn may be anyone's", () => {
  for (const text of ["A B | B A B", "| B A B", "A B | A B | B A"]) {
    assert.is(evenFault(sequence(text), 300), undefined, text);
  }
  assert.match(evenFault(sequence("A B | B A A"), 300) ?? "", /rewrites 4 and 5/);
});

test("a pick that lasted a moment, and the last, say nothing", () => {
  const letters = (text: string) =>
    settledPicks(sequence(text), 300).map(({ index }) => "AB"[index]).join("");
  assert.is(letters("A 2 B A B"), "BA");
  assert.is(letters("A B B"), "AB");
  assert.is(letters("A"), "");
});

test("reads of whole servers are no fault, with white space and port 80 or not", () => {
  const contents = { "127.0.0.1:20001\n": 5, " 127.0.0.1:20002": 2, "127.0.0.3:80\r\n": 1 };
  assert.equal(incompleteReads({ reads: 8, vanished: 0, contents }, [...LISTED, "127.0.0.3"]), []);
});

test("reads of nothing, of a part and of no file are named, the most frequent first", () => {
  const contents = { "127.0.0.1:20001": 900, "": 7, "127.0.0.1:2": 3, "\n": 1 };
  assert.equal(incompleteReads({ reads: 911, vanished: 4, contents }, LISTED), [
    "7 found an empty file",
    "4 found no file",
    '3 found "127.0.0.1:2"',
    "1 found an empty file",
  ]);
});

test.run();
