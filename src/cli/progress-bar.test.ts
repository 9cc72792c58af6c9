import { test } from "uvu";
import * as assert from "uvu/assert";
import { barText, PACKETS, progressBar } from "./progress-bar.ts";

test("shows share and bytes, and fills as it grows", () => {
  assert.is(barText(0, 16e6, 80), `[${".".repeat(40)}]   0 %  0.0 of 16.0 MB`);
  assert.is(barText(8e6, 16e6, 80), `[${"#".repeat(20)}${".".repeat(20)}]  50 %  8.0 of 16.0 MB`);
  assert.is(barText(16e6, 16e6, 80), `[${"#".repeat(40)}] 100 %  16.0 of 16.0 MB`);
  assert.match(barText(15_999_999, 16e6, 80), / 99 %/, "100 % is for all of it");
});

test("shows only the bytes where the total is not known, and all of an empty file", () => {
  assert.is(barText(1.25e6, undefined, 80), "1.3 MB");
  assert.match(barText(0, 0, 80), /100 %/);
});

test("fits a narrow terminal as long as ten marks fit", () => {
  for (const columns of [40, 50, 60, 79]) assert.ok(barText(5e6, 1e7, columns).length < columns);
  assert.match(barText(5e6, 1e7, 1), /^\[#{5}\.{5}\]/);
});

test("draws large files on a terminal only, and takes the bar off", () => {
  const drawn = (isTTY: boolean, total: number) => {
    let text = "";
    const bar = progressBar({ isTTY, columns: 80, write: (part) => text += part });
    bar.update(total, total);
    bar.clear();
    return text;
  };
  assert.is(drawn(false, 1e9), "");
  assert.is(drawn(true, 1000), "");
  assert.match(drawn(true, 1e9), /^\r\x1b\[K\[#+\] 100 %.*\r\x1b\[K$/);
});

test("counts packets too, from the second on", () => {
  assert.is(
    barText(5, 10, 80, PACKETS),
    `[${"#".repeat(20)}${".".repeat(20)}]  50 %  5 of 10 packets`,
  );
  let text = "";
  const bar = progressBar({ isTTY: true, columns: 80, write: (part) => text += part }, PACKETS);
  bar.update(1, 1);
  assert.is(text, "");
  bar.update(51, 51);
  assert.ok(text.endsWith("] 100 %  51 of 51 packets"), text);
});

test("does not draw each piece", () => {
  let writes = 0;
  const bar = progressBar({ isTTY: true, columns: 80, write: () => writes++ });
  for (let piece = 1; piece <= 1000; piece++) bar.update(piece * 1000, 2e9);
  assert.ok(writes < 100, `${writes} writes`);
});

test.run();
