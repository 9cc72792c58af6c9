import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stateAddress } from "./state-address.ts";
import { UpstreamTable } from "./upstream.ts";

const test = suite("state address");

const RIGHT = [
  "172.28.1.11",
  "127.0.0.1:8001",
  "localhost",
  "server1",
  "server-1.lab_2.example:80",
  "[::1]",
  "[::1]:8080",
  "255.255.255.255:65535",
];

for (const address of RIGHT) {
  test(`${address} is an address, and the table takes it`, () => {
    assert.is(stateAddress(address), address);
    assert.is(stateAddress(`  ${address}\r`), address);
    assert.ok(new UpstreamTable().at(address));
  });
}

const WRONG = [
  "",
  " ",
  "1",
  "127",
  "127.0.0",
  "127.0.0.",
  "127.0.0.1.",
  "127.0.0.256",
  "127.0.0.01",
  "127.0.0.1:",
  "127.0.0.1:0",
  "127.0.0.1:65536",
  "127.0.0.1:80a",
  "127.0.0.1:80:81",
  "127.0.0.1 127.0.0.2",
  "a.1",
  "a..b",
  ".a",
  "-a",
  "a-",
  "::1",
  "[::1",
  "[::g]",
  "[1]",
  "http://127.0.0.1",
  "127.0.0.1/",
  "user@host",
  "host\0",
  "hôst",
  "\x1b[31m",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(130)}b`,
];

for (const address of WRONG) {
  test(`${JSON.stringify(address).slice(0, 40)} is none`, () => {
    assert.is(stateAddress(address), undefined);
  });
}

test.run();
