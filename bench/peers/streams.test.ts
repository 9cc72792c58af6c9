import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkReader, FILE_BYTES, readerCommand } from "./streams.ts";

test("asks for the file so many times in one process, and keeps nothing", () => {
  const command = readerCommand("http://127.0.0.1:1/a", 3);
  assert.is(command.filter((part) => part === "http://127.0.0.1:1/a").length, 3);
  assert.is(command.filter((part) => part === "/dev/null").length, 3);
});

test("takes whole files", () => {
  checkReader(`200 ${FILE_BYTES}\n200 ${FILE_BYTES}\n`, 2);
});

test("refuses a short file, another status and a missing transfer", () => {
  assert.throws(() => checkReader(`200 ${FILE_BYTES}\n200 17\n`, 2), /"200 17"/);
  assert.throws(() => checkReader(`404 ${FILE_BYTES}\n`, 1), /"404/);
  assert.throws(() => checkReader(`200 ${FILE_BYTES}\n`, 2), /1 transfers and not 2/);
});

test.run();
