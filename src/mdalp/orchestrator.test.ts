import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "../net/mod.ts";
import type { UdpDriver, UdpSocket } from "../net/mod.ts";
import { dial, failureOf, latch } from "../net/test-kit.ts";
import type { Peer } from "../net/test-kit.ts";
import { transfer, transferParts } from "./client.ts";
import { readMessage, writeAck, writeData, writeIntent } from "./message.ts";
import type { Message } from "./message.ts";
import { startOrchestrator } from "./orchestrator.ts";
import type { OrchestratorStatus, RunningOrchestrator } from "./orchestrator.ts";
import { receiverParts, startReceiver } from "./receiver.ts";
import type { RunningReceiver } from "./receiver.ts";
import { fixedTimeout } from "./timeout.ts";
import { RESULTS, violatesBalance } from "./verdict.ts";

const test = suite("orchestrator and receivers");
const PAYLOAD = Buffer.from(Array.from({ length: 2345 }, (_, i) => i * 31 % 256));

interface System {
  readonly orchestrator: RunningOrchestrator;
  readonly receiverPort: number;
  /** Resolves with the status once the condition holds: after each event that is logged. */
  when(condition: (status: OrchestratorStatus) => boolean): Promise<OrchestratorStatus>;
  close(): Promise<void>;
  readonly receivers: RunningReceiver[];
}

async function system(count: number, changes = {}): Promise<System> {
  const waiting = new Set<() => void>();
  const orchestrator = await startOrchestrator({
    at: { host: "127.0.0.1", port: 0 },
    link: { host: "127.0.0.1", port: 0 },
    limitMs: 5000,
    quietMs: 50,
    // The status changes with the event, so it is looked at after it.
    log: () => queueMicrotask(() => waiting.forEach((check) => check())),
    ...changes,
  });
  const receivers: System["receivers"] = [];
  let receiverPort = 0;
  for (let i = 0; i < count; i++) {
    const receiver = await startReceiver({
      at: { host: `127.0.0.${i + 2}`, port: receiverPort },
      orchestrator: { host: "127.0.0.1", port: orchestrator.linkPort },
      log() {},
    });
    receiverPort = receiver.port;
    receivers.push(receiver);
  }
  const when: System["when"] = (condition) =>
    new Promise((resolve) => {
      const check = () => {
        const status = orchestrator.status();
        if (!condition(status)) return;
        waiting.delete(check);
        resolve(status);
      };
      waiting.add(check);
      check();
    });
  await when((status) => status.receivers.length === count);
  return {
    orchestrator,
    receiverPort,
    when,
    receivers,
    async close() {
      for (const receiver of receivers) receiver.close();
      await orchestrator.close();
    },
  };
}

function send(on: System, only?: number) {
  return transfer({
    orchestrator: { host: "127.0.0.1", port: on.orchestrator.port },
    local: { host: "127.0.0.1", port: 0 },
    receiverPort: on.receiverPort,
    payload: PAYLOAD,
    only,
    intentAgainMs: 100,
    planMs: 5000,
    giveUpMs: 2000,
    timeout: () => fixedTimeout(200),
    say() {},
  }, { ...transferParts, latency: () => Promise.resolve(100) });
}

test("a balanced transfer is completed, byte for byte", async () => {
  const on = await system(3);
  await send(on);
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.completed);
  assert.is(report?.bytes, PAYLOAD.length);
  assert.is(report?.sha256, createHash("sha256").update(PAYLOAD).digest("hex"));
  await on.close();
});

test("all to one receiver is a violation, with complete data", async () => {
  const on = await system(2);
  await send(on, 0);
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.violation);
  await on.close();
});

test("one transaction at a time: the second client waits for its plan", async () => {
  const on = await system(2);
  const [first, second] = await Promise.all([send(on), send(on)]);
  assert.is.not(first.tid, second.tid);
  const { ended } = await on.when((status) => status.ended.length === 2);
  assert.ok(ended.every(({ result }) => result === RESULTS.completed));
  await on.close();
});

test("a transaction that stops half way is given up at its limit", async () => {
  const on = await system(1, { limitMs: 200, quietMs: 10_000 });
  const socket = await udp.bind({ host: "127.0.0.1", port: 0 }, (datagram) => {
    const message = readMessage(datagram);
    const to = { host: "127.0.0.2", port: on.receiverPort };
    if (message.type === "plan") socket.send(writeData(message.tid, 3, Buffer.from("late")), to);
  });
  socket.send(writeIntent(), { host: "127.0.0.1", port: on.orchestrator.port });
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.incomplete);
  socket.close();
  await on.close();
});

/** A client in a test's hands: asks, and hands over each plan and ack. */
async function asker(on: System, heard: (message: Message, socket: UdpSocket) => void) {
  const socket: UdpSocket = await udp.bind({ host: "127.0.0.1", port: 0 }, (datagram) => {
    heard(readMessage(Buffer.from(datagram)), socket);
  });
  const ask = () => {
    socket.send(writeIntent(), { host: "127.0.0.1", port: on.orchestrator.port });
  };
  return { socket, ask, to: { host: "127.0.0.2", port: on.receiverPort } };
}

const LONG = { limitMs: 60_000, quietMs: 60_000 };

test("a receiver that dies ends the transaction, and is told to the next", async () => {
  const on = await system(2, LONG);
  const planned = latch();
  const { socket, ask } = await asker(on, ({ type }) => type === "plan" && planned.open());
  ask();
  await planned.promise;
  on.receivers[0]?.close();
  const { ended: [report], receivers } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.incomplete);
  assert.equal(receivers, ["127.0.0.3"]);
  const next = latch<Message>();
  const other = await asker(on, (message) => next.open(message));
  other.ask();
  const plan = await next.promise;
  assert.equal(plan.type === "plan" && plan.receivers.map(({ address }) => address), [
    "127.0.0.3",
  ]);
  socket.close();
  other.socket.close();
  await on.close();
});

/** A receiver that says who it is and, once it is welcome, what the test has it say. */
async function puppet(on: System, address: string, answer: (line: string, peer: Peer) => void) {
  const peer = await dial(on.orchestrator.linkPort);
  peer.socket.write(`{"hello":"${address}"}\n`);
  await peer.until("a welcome", () => peer.text().includes("\n"));
  assert.is(peer.text().split("\n")[0], `{"welcome":"${address}"}`);
  let told = 1;
  const listen = () => {
    const lines = peer.text().split("\n").slice(0, -1);
    for (; told < lines.length; told++) answer(lines[told] as string, peer);
    const over = () => peer.closings > 0 || peer.ended;
    const more = () => over() || peer.text().split("\n").length - 1 > told;
    peer.until("a line", more, 60_000).then(() => over() ? peer.socket.destroy() : listen());
  };
  listen();
  await on.when(({ receivers }) => receivers.includes(address));
  return peer;
}

test("one that dies before the plan costs the client nothing: the plan is of the others", async () => {
  const on = await system(1, LONG);
  // It goes when it is to open a transaction.
  await puppet(on, "127.0.0.9", (_line, peer) => peer.socket.destroy());
  const planned = latch<Message>();
  const { socket, ask } = await asker(on, (message) => planned.open(message));
  ask();
  const plan = await planned.promise;
  assert.equal(plan.type === "plan" && plan.receivers.map(({ address }) => address), [
    "127.0.0.2",
  ]);
  assert.is(on.orchestrator.status().ended.length, 0);
  socket.close();
  await on.close();
});

test("one that hangs before the plan is cut off, and the plan is of the others", async () => {
  const on = await system(1, { ...LONG, answerMs: 50 });
  await puppet(on, "127.0.0.9", () => {});
  const planned = latch<Message>();
  const { socket, ask } = await asker(on, (message) => planned.open(message));
  ask();
  const plan = await planned.promise;
  assert.is(plan.type === "plan" && plan.receivers.length, 1);
  socket.close();
  await on.close();
});

for (
  const [how, atClose] of [
    ["hangs", () => {}],
    ["dies", (peer: Peer) => peer.socket.destroy()],
  ] as const
) {
  test(`one that ${how} when it is to hand over leaves the transaction incomplete`, async () => {
    const on = await system(0, { limitMs: 60_000, quietMs: 20, answerMs: 50 });
    await puppet(on, "127.0.0.9", (line, peer) => {
      const { open } = JSON.parse(line);
      if (open === undefined) return atClose(peer);
      peer.socket.write(`{"opened":${open}}\n`);
      peer.socket.write(`{"took":${open},"seq":0,"bytes":5,"copy":false}\n`);
    });
    const { socket, ask } = await asker(on, () => {});
    ask();
    const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
    assert.is(report?.result, RESULTS.incomplete);
    assert.is(report?.bytes, 5);
    socket.close();
    await on.close();
  });
}

test("without receivers a client waits, which is told, until one comes", async () => {
  const events: string[] = [];
  const told = latch();
  const on = await system(0, {
    ...LONG,
    log: (event: string) => events.push(event) && event === "no-receivers" && told.open(),
  });
  const planned = latch();
  const { socket, ask } = await asker(on, ({ type }) => type === "plan" && planned.open());
  ask();
  await told.promise;
  const receiver = await startReceiver({
    at: { host: "127.0.0.2", port: 0 },
    orchestrator: { host: "127.0.0.1", port: on.orchestrator.linkPort },
    log() {},
  });
  await planned.promise;
  receiver.close();
  socket.close();
  await on.close();
});

test("strangers on the link do no harm, and are shown to nobody", async () => {
  const on = await system(1);
  const strangers = await Promise.all(
    ["", "GET / HTTP/1.1\r\n\r\n", "null\n", "[]\n", '{"hello":5}\n', '{"hello":"<b>"}\n']
      .map(async (said) => {
        const peer = await dial(on.orchestrator.linkPort);
        peer.socket.write(said);
        return peer;
      }),
  );
  const { receivers } = await send(on);
  assert.is(receivers.length, 1);
  assert.equal(on.orchestrator.status().receivers, ["127.0.0.2"]);
  for (const peer of strangers) peer.socket.destroy();
  await on.close();
});

test("an address is its receiver's until that is gone", async () => {
  const on = await system(0, LONG);
  const former = await puppet(on, "127.0.0.9", () => {});
  const error = await failureOf(startReceiver({
    at: { host: "127.0.0.9", port: 0 },
    orchestrator: { host: "127.0.0.1", port: on.orchestrator.linkPort },
    log() {},
  }));
  assert.match(error.message, "takes no receiver at 127.0.0.9: see whether it has a receiver");
  assert.equal(on.orchestrator.status().receivers, ["127.0.0.9"]);
  former.socket.destroy();
  await on.when(({ receivers }) => receivers.length === 0);
  await puppet(on, "127.0.0.9", () => {});
  await on.close();
});

test("a receiver whose port is taken is none, and says so", async () => {
  const on = await system(0, LONG);
  const taken = await udp.bind({ host: "127.0.0.2", port: 0 }, () => {});
  const error = await failureOf(startReceiver({
    at: { host: "127.0.0.2", port: taken.port },
    orchestrator: { host: "127.0.0.1", port: on.orchestrator.linkPort },
    log() {},
  }));
  assert.match(error.message, `binding UDP 127.0.0.2:${taken.port}: the address is in use`);
  await on.when(({ receivers }) => receivers.length === 0);
  taken.close();
  await on.close();
});

test("a receiver is in the plan as soon as its port is open", async () => {
  const on = await system(0, LONG);
  const planned = latch<Message>();
  const { socket, ask } = await asker(on, (message) => planned.open(message));
  const driver: UdpDriver = {
    bind(at, onDatagram) {
      ask();
      return udp.bind(at, onDatagram);
    },
  };
  const receiver = await startReceiver({
    at: { host: "localhost", port: 0 },
    orchestrator: { host: "127.0.0.1", port: on.orchestrator.linkPort },
    log() {},
  }, { ...receiverParts, driver });
  const plan = await planned.promise;
  assert.equal(plan.type === "plan" && plan.receivers.map(({ address }) => address), [
    "127.0.0.1",
  ]);
  receiver.close();
  socket.close();
  await on.close();
});

/** What cuts a stranger off. */
const CUT_OFF: readonly [what: string, said: string][] = [
  ["a first line of more than 4 KiB", `"${"x".repeat(4096)}`],
  ["another line before hello", '{"opened":5}\n'],
  ["a second hello", '{"hello":"127.0.0.9"}\n{"hello":"127.0.0.8"}\n'],
];

for (const [what, said] of CUT_OFF) {
  test(`${what} cuts a link`, async () => {
    const on = await system(0);
    const peer = await dial(on.orchestrator.linkPort);
    peer.socket.write(said);
    await peer.untilOver();
    await on.close();
  });
}

test("a line of over 4 KiB is read of one that is known", async () => {
  const on = await system(0, { limitMs: 60_000, quietMs: 20 });
  const parts = [...Array(100).keys()].map((seq) => [seq, Buffer.alloc(100).toString("base64")]);
  await puppet(on, "127.0.0.9", (line, peer) => {
    const { open, close } = JSON.parse(line);
    if (close !== undefined) {
      return peer.socket.write(`${JSON.stringify({ closed: close, parts })}\n`);
    }
    peer.socket.write(`{"opened":${open}}\n{"took":${open},"seq":0,"bytes":5,"copy":false}\n`);
  });
  const { socket, ask } = await asker(on, () => {});
  ask();
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.completed);
  socket.close();
  await on.close();
});

test("64 links are held, and the next is free when one of them goes", async () => {
  const on = await system(0);
  const held: Peer[] = [];
  for (let i = 0; i < 64; i++) held.push(await dial(on.orchestrator.linkPort));
  const refused = await dial(on.orchestrator.linkPort);
  await refused.untilOver();
  await Promise.all(held.map((peer, i) => {
    peer.socket.write(`{"hello":"127.0.1.${i}"}\n`);
    return peer.until("a welcome", () => peer.text().includes("welcome"));
  }));
  held[0]?.socket.destroy();
  await on.when(({ receivers }) => receivers.length === 63);
  await puppet(on, "127.0.0.9", () => {});
  for (const peer of held) peer.socket.destroy();
  await on.close();
});

test("a gapless start during a long back-off is not taken for the whole", async () => {
  const on = await system(1, { limitMs: 60_000, quietMs: 5000 });
  const got = latch();
  const { socket, ask, to } = await asker(on, (message) => {
    if (message.type === "plan") {
      socket.send(writeData(message.tid, 0, Buffer.alloc(100)), to);
    } else if (message.type === "ack" && message.seq === 0) {
      // The next one comes late, but within the silence that is allowed; a short one ends it.
      setTimeout(() => socket.send(writeData(message.tid, 1, Buffer.alloc(30)), to), 200);
      got.open();
    }
  });
  ask();
  await got.promise;
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.completed);
  assert.is(report?.bytes, 130);
  socket.close();
  await on.close();
});

test("a client that pauses is given time after a packet that looks like the last", async () => {
  const on = await system(1, { limitMs: 60_000, quietMs: 3000 });
  // SEQ 1 is short, and what follows it comes after more than the least linger.
  const next = [{ bytes: 50, afterMs: 500 }, { bytes: 100, afterMs: 900 }];
  const { socket, ask, to } = await asker(on, (message) => {
    if (message.type === "plan") socket.send(writeData(message.tid, 0, Buffer.alloc(100)), to);
    if (message.type !== "ack") return;
    const { tid, seq } = message;
    const packet = next[seq];
    if (!packet) return;
    const payload = Buffer.alloc(packet.bytes);
    setTimeout(() => socket.send(writeData(tid, seq + 1, payload), to), packet.afterMs);
  });
  ask();
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.bytes, 250);
  socket.close();
  await on.close();
});

test("a short last packet ends a transaction long before silence would", async () => {
  const on = await system(2, LONG);
  await send(on);
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.completed);
  await on.close();
});

test("one that is under way at its limit is incomplete, though it has no gap yet", async () => {
  const on = await system(1, { limitMs: 300, quietMs: 60_000 });
  const { socket, ask, to } = await asker(on, (message) => {
    if (message.type === "plan") socket.send(writeData(message.tid, 0, Buffer.alloc(100)), to);
  });
  ask();
  const { ended: [report] } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.incomplete);
  socket.close();
  await on.close();
});

test("copies are acknowledged after the end too, and nothing new is", async () => {
  const on = await system(1, { limitMs: 60_000, quietMs: 50 });
  const acks: number[] = [];
  const planned = latch<number>();
  const answered = latch();
  const { socket, ask, to } = await asker(on, (message) => {
    if (message.type === "plan") planned.open(message.tid);
    if (message.type !== "ack") return;
    acks.push(message.seq);
    if (message.seq === 0 && acks.length > 1) answered.open();
  });
  ask();
  const tid = await planned.promise;
  socket.send(writeData(tid, 0, Buffer.from("a")), to);
  await on.when(({ ended }) => ended.length === 1);
  socket.send(writeData(tid, 1, Buffer.from("b")), to);
  socket.send(writeData(tid + 7, 0, Buffer.from("a")), to);
  socket.send(writeData(tid, 0, Buffer.from("a")), to);
  await answered.promise;
  assert.equal(acks, [0, 0]);
  assert.is(on.orchestrator.status().ended[0]?.bytes, 1);
  socket.close();
  await on.close();
});

test("a receiver without its orchestrator is told so", async () => {
  const on = await system(1);
  await on.orchestrator.close();
  await on.receivers[0]?.lost;
  await on.close();
});

test("a receiver acknowledges open transactions, duplicates too, and nothing else", async () => {
  const on = await system(1, { limitMs: 60_000, quietMs: 60_000 });
  const acks: string[] = [];
  let tid = 0;
  const to = { host: "127.0.0.2", port: on.receiverPort };
  const done = new Promise<void>((resolve) => {
    udp.bind({ host: "127.0.0.1", port: 0 }, (datagram) => {
      const message = readMessage(datagram);
      if (message.type === "ack") acks.push(Buffer.from(datagram).toString());
      if (message.type === "ack" && message.seq === 1) resolve();
      if (message.type !== "plan") return;
      tid = message.tid;
      const long = Buffer.concat([
        Buffer.from(`Type:2;TID:${tid};SEQ:5;DATA:`),
        Buffer.alloc(101, "x"),
      ]);
      for (
        const datagram of [
          writeData(tid, 0, Buffer.from("a")),
          writeData(tid, 0, Buffer.from("a")),
          writeData(tid + 1, 0, Buffer.from("a")),
          Buffer.from(`Type:2;TID:${tid};SEQ:-1;DATA:a`),
          Buffer.from(`Type:2;TID:${tid};SEQ:99999999999;DATA:a`),
          long,
          writeData(tid, 1, Buffer.from("b")),
        ]
      ) socket?.send(datagram, to);
    }).then((bound) => {
      socket = bound;
      bound.send(writeIntent(), { host: "127.0.0.1", port: on.orchestrator.port });
    });
  });
  let socket: Awaited<ReturnType<typeof udp.bind>> | undefined;
  await done;
  assert.equal(acks, [0, 0, 1].map((seq) => writeAck(tid, seq).toString()));
  socket?.close();
  await on.close();
});

test("19, 40 and 41 % are balanced; 100, 0 and 0 are not, nor is one under a tenth", () => {
  const shares = (...packets: number[]) => packets.map((own) => ({ packets: own }));
  assert.is(violatesBalance(shares(10, 20, 21)), false);
  assert.is(violatesBalance(shares(50, 0, 0)), true);
  assert.is(violatesBalance(shares(3, 47)), true);
  assert.is(violatesBalance(shares(5, 46)), false, "a tenth, rounded down");
  assert.is(violatesBalance(shares(50)), false);
  assert.is(violatesBalance(shares(1, 0)), false);
});

test.run();
