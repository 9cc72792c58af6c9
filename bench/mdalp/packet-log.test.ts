import { test } from "uvu";
import * as assert from "uvu/assert";
import { fixedTimeout, layOut, readMessage } from "../../src/mdalp/mod.ts";
import { ManualClock } from "../../src/mdalp/manual-clock.ts";
import { MOST_POINTS, PacketLog } from "./packet-log.ts";

/** Sends so many packets to one receiver that takes all but the first sending of those that are lost. */
async function logOf(packets: number, lost: readonly number[]): Promise<PacketLog> {
  const log = new PacketLog((receiver) => receiver === "127.0.0.2:4650" ? "A" : "another");
  const clock = new ManualClock();
  const open = new Set(lost);
  const sender = log.sender({
    tid: 1,
    receiver: "127.0.0.2:4650",
    packets: layOut(new Uint8Array(packets * 100), [packets])[0] ?? [],
    timeout: fixedTimeout(),
    giveUpMs: 1e9,
    clock,
    send(datagram) {
      const message = readMessage(datagram);
      if (message.type !== "data" || open.delete(message.seq)) return;
      clock.after(1, () => sender.acknowledged(message.seq));
    },
  });
  const done = sender.run();
  clock.pass(1e6);
  await done;
  return log;
}

test("notes each packet when it is sent, sent again and acknowledged", async () => {
  const log = await logOf(3, [1]);
  assert.equal(
    log.sequence().map(({ receiver, sequence, kind }) => `${receiver} ${sequence} ${kind}`),
    ["A 0 sent", "A 0 acked", "A 1 sent", "A 1 again", "A 1 acked", "A 2 sent", "A 2 acked"],
  );
  assert.is(log.sequence()[0]?.ms, 0);
});

test("has one round trip for each packet, however often it was sent", async () => {
  assert.is((await logOf(50, [3, 4, 9])).roundTrips.totalCount, 50);
});

test("thins the points of a long transfer out, all of a packet together", async () => {
  const points = (await logOf(5000, [0, 4000])).sequence();
  assert.ok(points.length <= MOST_POINTS, String(points.length));
  const kept = new Set(points.map(({ sequence }) => sequence));
  assert.is(points.length, 2 * kept.size + 1 + (kept.has(4000) ? 1 : 0));
  assert.ok(kept.size > MOST_POINTS / 4, String(kept.size));
});

test.run();
