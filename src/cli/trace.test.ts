import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { framesOf, pcap, pcapng } from "../../conformance/mdalp/capture/capture-fixture.ts";
import {
  datagramsOf,
  payloadOf,
  transfer,
} from "../../conformance/mdalp/capture/exchange-fixture.ts";
import type { Event } from "../../conformance/mdalp/capture/exchange-fixture.ts";
import { steelyard } from "./test-kit.ts";

const folder = mkdtempSync(join(tmpdir(), "steelyard-trace-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function capture(name: string, events: readonly Event[]): string {
  return written(name, pcapng(framesOf(datagramsOf(events))));
}

const good = capture("good.pcapng", transfer([10, 20, 20], [0.3, 0.15, 0.15]));
const violation = capture("violation.pcapng", transfer([0, 50, 0], [1, 0.2, 1]));
const empty = written("empty.pcap", pcap([]));
const payload = written("payload", payloadOf(5000));
const otherPayload = written("other", payloadOf(4999));

test("exits with 0 where every MUST rule holds, and draws the transfer", async () => {
  const { code, stdout, stderr } = await steelyard("trace", "judge", good, "--payload", payload);
  assert.is(code, 0);
  assert.is(stderr, "");
  assert.match(stdout, /^transaction 3740 of 10\.0\.0\.1:50000: Transaction completed!$/m);
  assert.match(stdout, "5000 bytes, those of the payload");
  assert.match(stdout, /^10\.0\.1\.3 +\|/m);
});

test("exits with 1 where a MUST rule is broken", async () => {
  const shares = await steelyard("trace", "judge", violation);
  assert.is(shares.code, 1);
  assert.match(shares.stdout, "Complete data but load balancing violation!");
  const bytes = await steelyard("trace", "judge", good, "--payload", otherPayload);
  assert.is(bytes.code, 1);
  assert.match(bytes.stdout, "5000 bytes, not the payload's 4999");
});

test("exits with 3 where the capture holds no transaction", async () => {
  const { code, stdout, stderr } = await steelyard("trace", "judge", empty);
  assert.is(code, 3);
  assert.is(stdout, "");
  assert.match(stderr, "the capture holds no MDALP transaction");
});

test("gives the judgements as JSON, and nothing else", async () => {
  const { code, stdout } = await steelyard("trace", "judge", violation, "--json");
  assert.is(code, 1);
  const [one, ...others] = JSON.parse(stdout);
  assert.equal(others, []);
  assert.is(one.tid, 3740);
  assert.is(one.result, "Transaction failed! Complete data but load balancing violation!");
  assert.equal(one.receivers.map((receiver: { packets: number }) => receiver.packets), [0, 50, 0]);
  assert.is(one.findings.at(-1).verdict, "fail");
  const none = await steelyard("trace", "judge", empty, "--json");
  assert.is(none.code, 3);
  assert.equal(JSON.parse(none.stdout), []);
});

test("judges what came before the end of a file that is cut, and says so", async () => {
  const path = written("cut.pcapng", readFileSync(good).subarray(0, -10));
  const { code, stdout, stderr } = await steelyard("trace", "judge", path);
  assert.is(code, 1);
  assert.match(stderr, "cut.pcapng: the file ends inside a block; what came before is judged");
  assert.match(stdout, "Transaction failed! Incomplete data!");
});

test("lists the datagrams of a capture", async () => {
  const { code, stdout } = await steelyard("trace", "show", good);
  assert.is(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.is(lines.length, 2 + 50 * 2);
  assert.is(lines[0], "    0.000 s  10.0.0.1:50000 > 10.0.0.2:4650  Type:0;");
});

test("says where a capture holds no datagrams to list", async () => {
  const { code, stdout, stderr } = await steelyard("trace", "show", empty);
  assert.is(code, 3);
  assert.is(stdout, "");
  assert.match(stderr, "the capture holds no datagram on UDP");
});

const REFUSED: readonly [title: string, args: string[], told: RegExp][] = [
  ["a missing file", ["judge", join(folder, "none.pcapng")], /none\.pcapng cannot be read: ENOENT/],
  ["a folder", ["show", folder], /cannot be read: EISDIR/],
  ["a file that is no capture", ["judge", payload], /neither pcap nor pcapng/],
  ["a file that is too short", ["show", written("short", payloadOf(9))], /9 bytes are too few/],
  ["a missing payload", ["judge", good, "--payload", join(folder, "nope")], /nope cannot be read/],
  ["no file", ["judge"], /no capture given/],
  ["two files", ["judge", good, violation], /unexpected argument/],
  ["an unknown option", ["judge", good, "--jsn"], /--jsn/],
  ["an unknown command", ["jugde", good], /no command trace "jugde"; there is judge, show/],
  ["what is not in this version", ["convert", good], /trace convert is not in this version/],
];

for (const [title, args, told] of REFUSED) {
  test(`exits with 2 for ${title}`, async () => {
    const { code, stdout, stderr } = await steelyard("trace", ...args);
    assert.is(code, 2);
    assert.is(stdout, "");
    assert.match(stderr, told);
  });
}

test("lists its commands", async () => {
  const { code, stdout } = await steelyard("trace");
  assert.is(code, 0);
  assert.match(stdout, "steelyard trace judge FILE");
  assert.match(stdout, "steelyard trace show FILE");
});

test.run();
