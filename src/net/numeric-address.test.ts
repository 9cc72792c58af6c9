import { test } from "uvu";
import * as assert from "uvu/assert";
import { numericAddress } from "./mod.ts";
import { failureOf } from "./test-kit.ts";

for (const name of ["127.0.0.1", "localhost", "127.1", "0x7f.1"]) {
  test(`${name} is 127.0.0.1`, async () => {
    assert.is(await numericAddress(name), "127.0.0.1");
  });
}

for (const name of ["::1", "nowhere.invalid"]) {
  test(`${name} is refused by name`, async () => {
    const error = await failureOf(numericAddress(name));
    assert.match(error.message, `looking up "${name}": no `);
  });
}

test.run();
