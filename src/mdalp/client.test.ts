import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpSocket } from "../net/mod.ts";
import { transfer, TransferError, transferParts } from "./client.ts";
import type { TransferOptions } from "./client.ts";
import { readMessage, writeAck, writePlan } from "./message.ts";
import { readPing } from "./ping.ts";
import { joinParts, Reassembly } from "./reassembly.ts";
import { ReceiverDead } from "./sender.ts";
import { fixedTimeout } from "./timeout.ts";

const test = suite("mdalp client");
const TID = 42;

interface Host {
  readonly kept: Reassembly;
  /** Datagrams seen, so that losses can be scripted by their number. */
  seen: number;
}

/** Receivers on 127.0.0.2 and on, and an orchestrator; `answer` may lose, repeat or falsify. */
async function stage(
  count: number,
  answer: (reply: (ack: Buffer) => void, seq: number, seen: number) => void,
  plan: (to: (datagram: Buffer) => void, intents: number) => void,
) {
  const sockets: UdpSocket[] = [];
  const hosts: Host[] = [];
  let port = 0;
  for (let i = 0; i < count; i++) {
    const host: Host = { kept: new Reassembly(), seen: 0 };
    const socket: UdpSocket = await udp.bind(
      { host: `127.0.0.${i + 2}`, port },
      (datagram, from) => {
        const message = readMessage(datagram);
        if (message.type !== "data") return;
        host.kept.take(message.seq, message.payload);
        answer((ack) => socket.send(ack, from), message.seq, host.seen++);
      },
    );
    port = socket.port;
    sockets.push(socket);
    hosts.push(host);
  }
  let intents = 0;
  const orchestrator: UdpSocket = await udp.bind(
    { host: "127.0.0.1", port: 0 },
    (datagram, from) => {
      if (readMessage(datagram).type === "intent") {
        plan((reply) => orchestrator.send(reply, from), ++intents);
      }
    },
  );
  sockets.push(orchestrator);
  const receivers = hosts.map((_, i) => ({ address: `127.0.0.${i + 2}`, name: `Receiver ${i}` }));
  return {
    hosts,
    receivers,
    receiverPort: port,
    orchestrator: { host: "127.0.0.1", port: orchestrator.port } satisfies UdpAddress,
    close: () => sockets.forEach((socket) => socket.close()),
  };
}

type Stage = Awaited<ReturnType<typeof stage>>;

function send(on: Stage, payload: Uint8Array, changes: Partial<TransferOptions> = {}) {
  return transfer({
    orchestrator: on.orchestrator,
    local: { host: "127.0.0.1", port: 0 },
    receiverPort: on.receiverPort,
    payload,
    only: undefined,
    intentAgainMs: 50,
    planMs: 5000,
    giveUpMs: 2000,
    timeout: () => fixedTimeout(40),
    say() {},
    ...changes,
  }, {
    ...transferParts,
    latency: (address) => Promise.resolve(address.endsWith("2") ? 300 : 100),
  });
}

const PAYLOAD = Buffer.from(Array.from({ length: 2345 }, (_, i) => i * 31 % 256));
const intact = (on: Stage) => {
  const joined = joinParts(on.hosts.flatMap(({ kept }) => kept.parts()));
  return "payload" in joined && joined.payload.equals(PAYLOAD);
};

test("a payload arrives whole, the faster receivers with more of it", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(3, (reply, seq) => reply(writeAck(TID, seq)), plan);
  const result = await send(on, PAYLOAD);
  assert.ok(intact(on));
  assert.equal(result.receivers.map(({ packets }) => packets), [4, 10, 10]);
  assert.is(result.tid, TID);
  on.close();
});

test("losses, duplicates, garbage and false acks do no harm", async () => {
  const on: Stage = await stage(2, (reply, seq, seen) => {
    if (seen % 4 === 1) return;
    reply(Buffer.from("Type:3;TID:42;SEQ"));
    reply(writeAck(TID + 1, seq));
    reply(writeAck(TID, seq + 1));
    reply(writeAck(TID, seq));
    reply(writeAck(TID, seq));
  }, (to, intents) => {
    to(Buffer.from("Type:1;TID:1;DATA:[print('code')];"));
    // The first two intents are lost.
    if (intents > 2) to(writePlan(TID, on.receivers));
  });
  const { receivers } = await send(on, PAYLOAD);
  assert.ok(intact(on));
  assert.ok(receivers.every(({ timeouts }) => timeouts > 0));
  on.close();
});

test("one receiver gets it all when it is chosen", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(2, (reply, seq) => reply(writeAck(TID, seq)), plan);
  await send(on, PAYLOAD, { only: 1 });
  assert.equal(on.hosts.map(({ kept }) => kept.bytes), [0, PAYLOAD.length]);
  const error = await send(on, PAYLOAD, { only: 2 }).catch((failure) => failure);
  assert.instance(error, TransferError);
  on.close();
});

test("a dead receiver, a silent orchestrator and an empty payload are told", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(1, () => {}, plan);
  assert.instance(await send(on, PAYLOAD, { giveUpMs: 100 }).catch((e) => e), ReceiverDead);
  const silent: Stage = await stage(1, () => {}, () => {});
  const noPlan = await send(silent, PAYLOAD, { planMs: 100 }).catch((e) => e);
  assert.is(noPlan.code, "no-plan");
  assert.is((await send(on, Buffer.alloc(0)).catch((e) => e)).code, "empty");
  on.close();
  silent.close();
});

test("reads what ping prints on Linux, BusyBox and macOS", () => {
  assert.is(readPing("rtt min/avg/max/mdev = 0.1/335.25/0.3/0.1 ms"), 335.25);
  assert.is(readPing("round-trip min/avg/max = 0.061/0.074/0.088 ms"), 0.074);
  assert.is(readPing("round-trip min/avg/max/stddev = 1.0/163.0/3.0/0.5 ms"), 163);
  assert.is(readPing("100% packet loss"), undefined);
});

test.run();
