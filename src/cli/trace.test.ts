import { Buffer } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  echo,
  ethernet,
  framesOf,
  ip,
  pcap,
  pcapng,
} from "../../conformance/mdalp/capture/capture-fixture.ts";
import type { Endpoint } from "../../conformance/mdalp/capture/datagrams.ts";
import {
  CLIENT,
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
  const shares = one.findings.find(({ rule }: { rule: string }) => rule.endsWith(".shares"));
  assert.is(shares.verdict, "fail");
  const none = await steelyard("trace", "judge", empty, "--json");
  assert.is(none.code, 3);
  assert.equal(JSON.parse(none.stdout), []);
});

test("judges what came before the end of a file that is cut, and says so", async () => {
  const path = written("cut.pcapng", readFileSync(good).subarray(0, -10));
  const { code, stdout, stderr } = await steelyard("trace", "judge", path);
  assert.is(code, 1);
  assert.match(stderr, "cut.pcapng: the file ends inside a block; what came before is used");
  assert.match(stdout, "Transaction failed! Incomplete data!");
});

test("judges what a capture of the first bytes of each packet shows", async () => {
  // As `tcpdump -s 80` does it: the heads are there, the payloads are not.
  const cut = framesOf(datagramsOf(transfer([10, 20, 20], [0.3, 0.15, 0.15]))).map((frame, i) => {
    // The plan is whole, or nothing would say who the receivers are.
    return i < 2 ? frame : { ...frame, bytes: frame.bytes.subarray(0, 80), wireLength: 170 };
  });
  const path = written("snap.pcapng", pcapng(cut));
  const { code, stdout } = await steelyard("trace", "judge", path, "--payload", payload);
  assert.is(code, 0);
  assert.match(stdout, "Transaction completed!");
  assert.match(stdout, /unknown mdalp\.client\.payload-limit .+ kept only a part/);
  assert.match(stdout, /unknown mdalp\.client\.reassembles .+ lacks bytes/);
  assert.match(stdout, /pass +mdalp\.client\.sequence/);
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
  [
    "an unknown command",
    ["jugde", good],
    /no command trace "jugde"; there is judge, show, convert/,
  ],
  ["a report of another format", ["judge", good, "--report", "pdf=x"], /neither html=FILE nor/],
  ["a report without a file", ["judge", good, "--report", "html"], /neither html=FILE nor/],
  ["a conversion to nowhere", ["convert", good], /needs two files: IN and OUT/],
  ["a conversion of three files", ["convert", good, "a.trace", "b.trace"], /unexpected argument/],
  [
    "an unclear target",
    ["convert", good, "x.txt"],
    /x\.txt: .+; end its name in \.trace or \.pcapng/,
  ],
  ["pcap as a target", ["convert", good, "x.pcap"], /pcap is read, not written/],
  ["a capture to a capture", ["convert", good, "x.pcapng"], /is a capture already/],
  ["an unreadable source", ["convert", join(folder, "nope"), "x.trace"], /nope cannot be read/],
  ["a target that exists", ["convert", good, good], /exists already; .+ --force/],
  ["a capture of nothing", ["convert", empty, join(folder, "x.trace")], /no datagram of MDALP/],
  [
    "an unwritable target",
    ["convert", good, join(folder, "none", "x.trace")],
    /x\.trace cannot be written: ENOENT/,
  ],
  [
    "a golden that names no one value",
    ["convert", written("any.trace", Buffer.from("### x\n\n<<< a\n{{any}}\n")), "x.pcapng"],
    /any\.trace:4: \{\{any\}\} has no one value/,
  ],
  [
    "a .trace that is none",
    ["show", written("bad.trace", Buffer.from("### x\n\nhello\n"))],
    /bad\.trace:3: not `# key: value`/,
  ],
];

for (const [title, args, told] of REFUSED) {
  test(`exits with 2 for ${title}`, async () => {
    const { code, stdout, stderr } = await steelyard("trace", ...args);
    assert.is(code, 2);
    assert.is(stdout, "");
    assert.match(stderr, told);
  });
}

test("judges and lists a .trace file as the capture that it was converted from", async () => {
  const converted = join(folder, "good.trace");
  assert.is((await steelyard("trace", "convert", good, converted)).code, 0);
  for (const command of [["judge", "--payload", payload], ["show"]]) {
    const [name = "", ...options] = command;
    const capture = await steelyard("trace", name, good, ...options);
    const trace = await steelyard("trace", name, converted, ...options);
    assert.is(trace.code, 0);
    assert.is(trace.stdout, capture.stdout);
  }
});

test("converts to .trace and back, and says what is left out", async () => {
  const ping = { timeS: 999, bytes: ethernet(ip(echo("request", "10.0.0.1", "10.0.1.1", 1))) };
  const events = datagramsOf(transfer([2, 2, 2], [0.3, 0.15, 0.15]));
  const source = written("noisy.pcap", pcap([ping, ...framesOf(events)]));
  const trace = join(folder, "noisy.trace");
  const back = join(folder, "noisy.pcapng");
  const there = await steelyard("trace", "convert", source, trace);
  assert.is(there.code, 0);
  assert.match(there.stderr, "1 packet(s) that are no whole UDP datagram are left out");
  assert.is((await steelyard("trace", "convert", trace, back)).code, 0);
  const again = await steelyard("trace", "convert", trace, back, "--force");
  assert.is(again.code, 0);
  const shown = (path: string) => steelyard("trace", "show", path);
  assert.is((await shown(back)).stdout, (await shown(source)).stdout);
});

test("writes a page and a picture of the judgement, besides the text", async () => {
  const page = join(folder, "good.html");
  const picture = join(folder, "picture.svg");
  const { code, stdout } = await steelyard(
    ...["trace", "judge", good, "--report", `html=${page}`, "--svg", picture],
  );
  assert.is(code, 0);
  assert.match(stdout, "Transaction completed!");
  const html = readFileSync(page, "utf8");
  const svg = readFileSync(picture, "utf8");
  assert.match(svg, /^<svg .+<title>MDALP 3740 of 10\.0\.0\.1:50000<\/title>/s);
  assert.ok(html.includes(svg.trim()));
  assert.match(html, "Transaction completed!");
  assert.match(html, "mdalp.client.stop-and-wait");
  assert.match(html, "<td>10.0.1.2</td><td>20</td>");
});

test("writes Markdown that shows a picture beside it", async () => {
  const report = join(folder, "a report.md");
  const { code } = await steelyard("trace", "judge", violation, "--report", `markdown=${report}`);
  assert.is(code, 1);
  const markdown = readFileSync(report, "utf8");
  assert.match(markdown, "](<a%20report.svg>)");
  assert.match(markdown, /^\| fail \| mdalp\.client\.shares \| MUST \| /m);
  assert.match(readFileSync(join(folder, "a report.svg"), "utf8"), /^<svg /);
});

test("two transactions have a picture each", async () => {
  const one = datagramsOf(transfer([1, 1, 1], [0.3, 0.2, 0.2]));
  const other = one.map((datagram) => ({
    ...datagram,
    timeS: datagram.timeS + 100,
    payload: Buffer.from(datagram.payload.toString("latin1").replace("3740", "3741"), "latin1"),
  }));
  const both = written("both.pcapng", pcapng(framesOf([...one, ...other])));
  await steelyard("trace", "judge", both, "--svg", join(folder, "both.svg"));
  for (const tid of [3740, 3741]) {
    const svg = readFileSync(join(folder, `both-${tid}.svg`), "utf8");
    assert.match(svg, `MDALP ${tid} of`);
    assert.is(svg.match(/<g>/g)?.length, 7, "a plan, three packets and their acks");
  }
});

test("two clients with one TID have a picture each", async () => {
  const one = datagramsOf(transfer([1, 1, 1], [0.3, 0.2, 0.2]));
  const moved = (end: Endpoint) =>
    end.address === CLIENT.address ? { ...end, address: "10.0.0.9" } : end;
  const other = one.map((datagram) => ({
    ...datagram,
    timeS: datagram.timeS + 100,
    source: moved(datagram.source),
    destination: moved(datagram.destination),
  }));
  const same = written("same.pcapng", pcapng(framesOf([...one, ...other])));
  await steelyard("trace", "judge", same, "--svg", join(folder, "same.svg"));
  for (const [name, client] of [["same-3740", CLIENT.address], ["same-3740-2", "10.0.0.9"]]) {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8");
    assert.match(svg, `MDALP 3740 of ${client}:50000`);
  }
});

test("exits with 3 where a report cannot be written, and says which", async () => {
  const file = join(folder, "none", "x.html");
  const { code, stderr } = await steelyard("trace", "judge", good, "--report", `html=${file}`);
  assert.is(code, 3);
  assert.match(stderr, /cannot write the html report to .+x\.html: ENOENT/);
});

test("lists its commands", async () => {
  const { code, stdout } = await steelyard("trace");
  assert.is(code, 0);
  assert.match(stdout, "steelyard trace judge FILE");
  assert.match(stdout, "steelyard trace show FILE");
  assert.match(stdout, "steelyard trace convert IN OUT");
});

test.run();
