import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../engine/package.ts";
import { GoldenError } from "../../engine/golden/parse.ts";
import { parseTrace } from "../../engine/golden/parse-trace.ts";
import { readCapture } from "./capture-file.ts";
import { readTraffic } from "./datagrams.ts";
import type { Datagram, Endpoint } from "./datagrams.ts";
import { CLIENT, datagramsOf, ORCHESTRATOR, RECEIVERS, transfer } from "./exchange-fixture.ts";
import { PUBLISHED, published } from "./published.ts";
import { recordedOf, trafficOf } from "./recorded-datagram.ts";
import type { RecordedDatagram } from "./recorded-datagram.ts";
import { traceDatagrams } from "./trace-datagrams.ts";
import { writePcapng } from "./write-pcapng.ts";
import { TraceWriteError, writeTrace } from "./write-trace.ts";

const RECEIVER: Endpoint = { address: RECEIVERS[0], port: 4650 };

function sent(timeS: number, payload: Uint8Array | string, to = RECEIVER): Datagram {
  return { timeS, source: CLIENT, destination: to, payload: Buffer.from(payload), cut: false };
}

/** From a capture to a `.trace` to a capture, and what is read from that. */
function thereAndBack(datagrams: readonly Datagram[]): Datagram[] {
  const { text } = writeTrace(datagrams, "x.pcapng");
  const file = writePcapng(traceDatagrams(parseTrace("x.trace", text)));
  return [...readTraffic(readCapture(file).frames).datagrams];
}

function plain({ timeS, source, destination, payload }: Datagram) {
  return [Math.round(timeS * 1e6), source, destination, payload.toString("hex")];
}

test("an exchange reads as who sent what when", () => {
  const [intent, plan, first, ...rest] = datagramsOf(transfer([1, 1, 1], [0.3, 0.2, 0.2]));
  const copy = { ...first!, timeS: 1005.25 };
  const { text, count, notes } = writeTrace([intent!, plan!, first!, copy, ...rest], "good.pcapng");
  assert.is(count, 9);
  assert.equal(notes, []);
  assert.is(
    text.split("\n\n").slice(0, 5).join("\n\n").replace(/DATA:\\x00.*/g, "DATA:..."),
    `### The exchange of 10.0.0.1:50000
# role: client
# converted-from: good.pcapng 1970-01-01T00:16:40.000000Z
# address-client: 10.0.0.1:50000
# address-orchestrator: 10.0.0.2:4650
# address-a: 10.0.1.1:4650
# address-b: 10.0.1.2:4650
# address-c: 10.0.1.3:4650

<<< orchestrator at 0.000000 s
Type:0;

>>> orchestrator at 5.000000 s
Type:1;TID:3740;DATA:[{'ip_address': '10.0.1.1', 'name': 'Receiver 1'}, {'ip_address': '10.0.1.2', 'name': 'Receiver 2'}, {'ip_address': '10.0.1.3', 'name': 'Receiver 3'}];

<<< a at 5.000000 s
Type:2;TID:3740;SEQ:0;DATA:...

<<< a at 5.250000 s again
Type:2;TID:3740;SEQ:0;DATA:...`,
  );
});

const LINES: readonly (readonly [title: string, payload: string, line: string])[] = [
  ["an empty datagram", "", "{{empty}}"],
  ["what reads as an empty datagram", "{{empty}}", "\\x7b{empty}}"],
  ["braces", "{{{a}}}", "\\x7b\\x7b{a}}}"],
  ["a marker", "<<< a", "\\x3c<< a"],
  ["an alternative", "|||", "\\x7c||"],
  ["no marker", "<<<a", "<<<a"],
  ["line ends", "a\r\nb\n", "a\\x0d\\x0ab\\x0a"],
  ["a blank at the end", "a ", "a\\x20"],
  ["a backslash", "\\x41", "\\\\x41"],
];

for (const [title, payload, line] of LINES) {
  test(`${title} is written as ${line}, and read back`, () => {
    const all = [sent(1, "Type:0;", ORCHESTRATOR), sent(2, payload)];
    assert.match(writeTrace(all, "x").text, `\n<<< a at 1.000000 s\n${line}\n`);
    assert.equal(thereAndBack(all).map(plain), all.map(plain));
  });
}

test("datagrams, order, direction, addresses and times come back, whatever the bytes", () => {
  const address = fc.constantFrom(RECEIVER, ORCHESTRATOR, { address: "10.0.1.9", port: 7 });
  const text = fc.constantFrom("{{a}}", "{{empty}}", ">>> a", "|||", "\\", "\n", " ", "Type:2;");
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
    fc.array(text, { maxLength: 4 }).map((parts) => Buffer.from(parts.join(""))),
  );
  const one = fc.record({
    us: fc.nat(1e9),
    other: address,
    outgoing: fc.boolean(),
    payload: payload.filter((bytes) => !/^Type:[0-3];/.test(bytes.toString("latin1", 0, 7))),
  });
  const startUs = fc.integer({ min: 0, max: 2e15 });
  fc.assert(fc.property(startUs, fc.array(one, { maxLength: 12 }), (start, list) => {
    const all = [
      sent(start / 1e6, "Type:0;", ORCHESTRATOR),
      ...list.map(({ us, other, outgoing, payload }) => ({
        ...sent((start + us) / 1e6, payload, other),
        ...(outgoing ? {} : { source: other, destination: CLIENT }),
      })),
    ];
    assert.equal(thereAndBack(all).map(plain), all.map(plain));
  }));
});

test("parties are named in the order of the plan, others after them", () => {
  const all = datagramsOf(transfer([0, 1, 1], [1, 1, 1]));
  const stranger = { ...sent(0, "noise", { address: "10.9.9.9", port: 4650 }) };
  const { text } = writeTrace([stranger, ...all], "x");
  assert.match(
    text,
    "# address-a: 10.0.1.1:4650\n# address-b: 10.0.1.2:4650\n# address-c: 10.0.1.3:4650\n" +
      "# address-d: 10.9.9.9:4650",
  );
});

test("thirty parties have thirty names", () => {
  const all = Array.from(
    { length: 30 },
    (_, i) => sent(i, `Type:2;TID:1;SEQ:${i};DATA:x`, { address: `10.0.2.${i}`, port: 4650 }),
  );
  assert.match(writeTrace(all, "x").text, "# address-ad: 10.0.2.29:4650");
  assert.equal(thereAndBack(all).map(plain), all.map(plain));
});

test("what is left out is said", () => {
  const dns = { ...sent(1, "query"), source: { address: "10.0.0.1", port: 53000 } };
  const cut = { ...sent(2, "Type:2;TID:1;SEQ:0;DATA:x"), cut: true };
  const other = { ...sent(3, "Type:0;"), source: { address: "10.0.0.1", port: 50001 } };
  assert.equal(writeTrace([sent(0, "Type:0;"), dns, cut, other], "x").notes, [
    "1 datagram(s) that are not of the exchange are left out",
    "1 datagram(s) that were captured in part are left out",
    "the client used 2 ports; a .trace keeps the first of them",
  ]);
});

test("two clients, or none, make no .trace", () => {
  const other = { ...sent(1, "Type:0;"), source: { address: "10.0.0.7", port: 50000 } };
  const refused = (list: readonly Datagram[], told: RegExp) =>
    assert.throws(() => writeTrace(list, "x"), (error: unknown) => {
      assert.instance(error, TraceWriteError);
      return told.test((error as Error).message);
    });
  refused([sent(0, "Type:0;"), other], /10\.0\.0\.1:50000 and 10\.0\.0\.7:50000 are both clients/);
  refused([sent(0, "hello")], /no datagram of MDALP/);
  refused([{ ...sent(0, "Type:0;"), cut: true }], /captured whole/);
});

/** The datagrams of these blocks, under a golden's head. */
function golden(blocks: string, keys = ""): RecordedDatagram[] {
  return traceDatagrams(parseTrace("x.trace", `### x\n${keys}\n${blocks}\n`));
}

test("a golden without times is spaced by its delays, its names are addresses", () => {
  const all = golden(
    "<<< orchestrator\nType:0;\n\n>>> orchestrator after 0.9 s\nplan {{a}} {{j}}\n\n" +
      ">>> a from b after 90 ms 3 times\n{{repeat 3 x}}\n\n<<< a again drop\ny",
  );
  assert.equal(all.map(({ atMs }) => atMs), [0, 901, 992, 993, 994, 995]);
  assert.equal(all.map(({ from }) => from.host), [
    "127.0.7.1",
    "127.0.7.2",
    "127.0.7.4",
    "127.0.7.4",
    "127.0.7.4",
    "127.0.7.1",
  ]);
  assert.is(Buffer.from(all[1]!.bytes).toString(), "plan 127.0.7.3 127.0.7.12");
  assert.is(Buffer.from(all[2]!.bytes).toString(), "xxx");
  assert.equal([all[0]?.from.port, all[0]?.to.port], [50000, 4650]);
  assert.is(all[5]?.comment, "taken as lost");
  assert.is(trafficOf(all).datagrams.length, 6);
});

test("in a receiver's golden the program under test has the protocol's port", () => {
  const [one] = golden(">>> a\nType:2;TID:1;SEQ:0;DATA:x", "# role: receiver\n");
  assert.equal([one?.from.port, one?.to.port], [50000, 4650]);
});

const VALUELESS: readonly (readonly [title: string, blocks: string, keys: string, told: RegExp])[] =
  [
    ["any bytes", "<<< a\nType:0;\nx{{any}}", "", /^x\.trace:5: \{\{any\}\} has no one value/],
    ["alternatives", "<<< a\nx\n|||\ny", "", /^x\.trace:4: one of several datagrams/],
    [
      "no address",
      "<<< a\nx",
      "# address-a: here\n",
      /# address-a: "here" is no IP address and port/,
    ],
  ];

for (const [title, blocks, keys, told] of VALUELESS) {
  test(`names the place of ${title}`, () => {
    assert.throws(() => golden(blocks, keys), (error: unknown) => {
      assert.instance(error, GoldenError);
      assert.match((error as Error).message, told);
      return true;
    });
  });
}

test("a converted recording is what was recorded", () => {
  const all = datagramsOf(transfer([10, 20, 20], [0.3, 0.15, 0.15]));
  assert.equal(thereAndBack(all).map(plain), all.map(plain));
  assert.equal(thereAndBack(all).map(recordedOf).length, 102);
});

test("every golden has datagrams, or says which of them has no one value", () => {
  const folder = join(packageRoot, "golden/mdalp/client");
  const names = readdirSync(folder).filter((name) => name.endsWith(".trace"));
  assert.ok(names.length > 0);
  for (const name of names) {
    try {
      traceDatagrams(parseTrace(name, readFileSync(join(folder, name), "latin1")));
    } catch (error) {
      assert.instance(error, GoldenError);
      assert.match((error as Error).message, /\.trace:\d+: .+has no one value/);
    }
  }
});

for (const name of ["load_balance.pcapng", "b.pcapng"]) {
  published(test, `${name} comes back from a .trace`, () => {
    const { frames } = readCapture(readFileSync(join(PUBLISHED, name)));
    const { datagrams } = readTraffic(frames);
    assert.ok(datagrams.length > 100);
    assert.equal(thereAndBack(datagrams).map(plain), datagrams.map(plain));
  });
}

for (const offsetS of [1e18, -1e18, 2 ** 62]) {
  test(`an interface whose clock is ${offsetS} s off makes no .trace, and is told`, () => {
    const datagrams = datagramsOf(transfer([1, 1, 1], [0.3, 0.2, 0.2]))
      .map((one) => ({ ...one, timeS: one.timeS + offsetS }));
    assert.throws(
      () => writeTrace(datagrams, "x.pcapng"),
      (error: Error) => error instanceof TraceWriteError && /if_tsoffset/.test(error.message),
    );
  });
}

test.run();
