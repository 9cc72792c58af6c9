import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "../net/mod.ts";
import { transfer, transferParts } from "./client.ts";
import { readMessage, writeAck, writeData, writeIntent } from "./message.ts";
import { startOrchestrator } from "./orchestrator.ts";
import type { OrchestratorStatus, RunningOrchestrator } from "./orchestrator.ts";
import { startReceiver } from "./receiver.ts";
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

test("a receiver that dies ends the transaction, and is told to the next", async () => {
  const on = await system(2, { limitMs: 60_000, quietMs: 60_000 });
  const socket = await udp.bind({ host: "127.0.0.1", port: 0 }, () => {});
  socket.send(writeIntent(), { host: "127.0.0.1", port: on.orchestrator.port });
  await on.when(({ current }) => current !== null);
  on.receivers[0]?.close();
  const { ended: [report], receivers } = await on.when(({ ended }) => ended.length === 1);
  assert.is(report?.result, RESULTS.incomplete);
  assert.equal(receivers, ["127.0.0.3"]);
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
  const shares = (...bytes: number[]) =>
    bytes.map((own) => ({ bytes: own, packets: Math.ceil(own / 100) }));
  assert.is(violatesBalance(shares(963, 1981, 2056)), false);
  assert.is(violatesBalance(shares(5000, 0, 0)), true);
  assert.is(violatesBalance(shares(300, 4700)), true);
  assert.is(violatesBalance(shares(500)), false);
  assert.is(violatesBalance(shares(100, 0)), false);
});

test.run();
