import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { udp } from "../net/mod.ts";
import type { UdpAddress, UdpSocket } from "../net/mod.ts";
import { failureOf } from "../net/test-kit.ts";
import { transfer, transferParts } from "./client.ts";
import type { TransferOptions, TransferParts } from "./client.ts";
import { readMessage, writeAck, writePlan } from "./message.ts";
import type { Receiver } from "./message.ts";
import { joinParts, Reassembly } from "./reassembly.ts";
import { ReceiverDead } from "./sender.ts";
import { fixedTimeout } from "./timeout.ts";
import { TransferError } from "./transfer-error.ts";

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

function send(
  on: Stage,
  payload: Uint8Array,
  changes: Partial<TransferOptions> = {},
  parts: Partial<TransferParts> = {},
) {
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
    ...parts,
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

test("a dead receiver is named, with what it had, and stops the others", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(2, (reply, seq) => seq < 2 && reply(writeAck(TID, seq)), plan);
  const error = await failureOf(send(on, PAYLOAD, { giveUpMs: 100 }));
  assert.instance(error, ReceiverDead);
  assert.match(error.message, /receiver 127\.0\.0\.[23]:\d+ acknowledged [02] of (6|18) packets/);
  on.close();
});

test("a silent orchestrator and an empty payload are told", async () => {
  const on: Stage = await stage(1, () => {}, () => {});
  const said: string[] = [];
  const options = { planMs: 200, intentAgainMs: 20, say: (text: string) => said.push(text) };
  const noPlan = await failureOf(send(on, PAYLOAD, options));
  assert.is(noPlan.code, "no-plan");
  assert.match(noPlan.message, `no plan came from 127.0.0.1:${on.orchestrator.port} within 0.2 s`);
  assert.is(said.length, 1, "asking again is told once");
  assert.is((await failureOf(send(on, Buffer.alloc(0)))).code, "empty");
  on.close();
});

test("a plan with code is refused and told, and a good one after it is used", async () => {
  const on: Stage = await stage(1, (reply, seq) => reply(writeAck(TID, seq)), (to) => {
    to(Buffer.from("Type:1;TID:1;DATA:[__import__('os').system('x')];"));
    to(writePlan(TID, on.receivers));
  });
  const said: string[] = [];
  const { tid } = await send(on, PAYLOAD, { say: (text) => said.push(text) });
  assert.is(tid, TID);
  assert.match(said[0] as string, /a plan was refused, and nothing of it was run: .*__import__/);
  on.close();
});

test("when only plans that cannot be read come, the error says so", async () => {
  const on: Stage = await stage(1, () => {}, (to) => {
    to(Buffer.from("Type:1;TID:1;DATA:[\x1b[31m];"));
    to(Buffer.from(`Type:1;TID:1;DATA:${"[".repeat(20_000)};`));
  });
  const said: string[] = [];
  const options = { planMs: 200, say: (text: string) => said.push(text) };
  const error = await failureOf(send(on, PAYLOAD, options));
  assert.is(error.code, "bad-plan");
  assert.match(error.message, /the last one was refused: /);
  assert.ok([...said, error.message].every((text) => !/[^\x20-\x7e]/.test(text)));
  on.close();
});

test("a plan from anywhere but the orchestrator's own address is passed over", async () => {
  const on: Stage = await stage(1, (reply, seq) => reply(writeAck(TID, seq)), (to) => {
    to(writePlan(TID, on.receivers));
  });
  const stranger = await udp.bind({ host: "127.0.0.1", port: 0 }, () => {});
  const driver: TransferParts["driver"] = {
    bind: async (at, onDatagram) => {
      const socket = await udp.bind(at, onDatagram);
      const to = { host: "127.0.0.1", port: socket.port };
      return {
        ...socket,
        send(datagram, where) {
          if (readMessage(datagram).type === "intent") {
            // It is there first: a handler is called with it before anything is on the wire.
            onDatagram(writePlan(99, on.receivers), { host: "127.0.0.1", port: stranger.port });
            stranger.send(writePlan(99, on.receivers), to);
          }
          socket.send(datagram, where);
        },
        close: () => socket.close(),
      };
    },
  };
  const { tid } = await send(on, PAYLOAD, {}, { driver });
  assert.is(tid, TID);
  assert.ok(intact(on));
  stranger.close();
  on.close();
});

test("the first plan counts: repeated ones and those of another TID change nothing", async () => {
  const on: Stage = await stage(2, (reply, seq) => reply(writeAck(TID, seq)), (to) => {
    for (const tid of [TID, TID, TID + 1]) to(writePlan(tid, on.receivers));
  });
  const { tid } = await send(on, PAYLOAD);
  assert.is(tid, TID);
  assert.ok(intact(on));
  on.close();
});

test("an address that the plan names twice is one receiver", async () => {
  const on: Stage = await stage(2, (reply, seq) => reply(writeAck(TID, seq)), (to) => {
    to(writePlan(TID, [...on.receivers, on.receivers[0] as Receiver]));
  });
  const { receivers } = await send(on, PAYLOAD);
  assert.equal(receivers.map(({ packets }) => packets), [6, 18]);
  assert.ok(intact(on));
  on.close();
});

test("a plan of twelve receivers is used", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(12, (reply, seq) => reply(writeAck(TID, seq)), plan);
  const { receivers } = await send(on, PAYLOAD);
  assert.is(receivers.length, 12);
  assert.ok(intact(on));
  on.close();
});

test("fewer packets than receivers: who gets none is sent none", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(3, (reply, seq) => reply(writeAck(TID, seq)), plan);
  const { receivers } = await send(on, Buffer.from("x"));
  assert.is(receivers.reduce((sum, { packets }) => sum + packets, 0), 1);
  assert.equal(on.hosts.map(({ seen }) => seen).sort(), [0, 0, 1]);
  on.close();
});

test("it can be stopped while it waits, while it measures and while it sends", async () => {
  const plan = (to: (datagram: Buffer) => void) => to(writePlan(TID, on.receivers));
  const on: Stage = await stage(2, () => {}, plan);
  const silent: Stage = await stage(2, () => {}, () => {});
  const stop = (at: Stage, when: (abort: () => void) => [object?, object?]) => {
    const abort = new AbortController();
    const changes = when(() => abort.abort(new TransferError("stopped", "by the test")));
    return failureOf(send(at, PAYLOAD, { signal: abort.signal, ...changes[0] }, changes[1]));
  };
  const waiting = await stop(silent, (abort) => [{ intentAgainMs: 10, say: abort }]);
  const measuring = await stop(on, (abort) => [{}, {
    latency: () => {
      abort();
      return new Promise(() => {});
    },
  }]);
  const sending = await stop(on, (abort) => [{
    timeout: () => ({ ...fixedTimeout(10), expired: abort }),
  }]);
  assert.equal([waiting.code, measuring.code, sending.code], ["stopped", "stopped", "stopped"]);
  on.close();
  silent.close();
});

test.run();
