import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { adaptiveTimeout, splitGreedily } from "../../src/mdalp/mod.ts";
import { within } from "../../src/net/test-kit.ts";
import { loopbackTransfer } from "./loopback-transfer.ts";

const FEW = {
  payload: Buffer.alloc(2000, "steelyard"),
  latenciesMs: [4, 2],
  loss: 0,
  seed: 1,
  quietMs: 50,
  split: splitGreedily,
  timeout: () => adaptiveTimeout(),
};

test("delivers to every receiver of the plan, in the shares of the split", async () => {
  const { receivers } = await within("a transfer", loopbackTransfer({ ...FEW, network: 200 }));
  assert.equal(receivers.map(({ packets }) => packets), splitGreedily(20, [4, 2]));
  assert.equal(receivers.map(({ receiver }) => receiver.address), ["127.200.0.2", "127.200.0.3"]);
});

test("loses the packets that the seed says, the same each time", async () => {
  const lossy = { ...FEW, payload: Buffer.alloc(1000), loss: 0.3, quietMs: 3000 };
  const [one, same] = await within(
    "two transfers",
    Promise.all([201, 202].map((network) => loopbackTransfer({ ...lossy, network }))),
    60_000,
  );
  const losses = one?.receivers.map(({ timeouts }) => timeouts);
  assert.equal(same?.receivers.map(({ timeouts }) => timeouts), losses);
  assert.ok((losses ?? []).some((count) => count > 0), String(losses));
});

test.run();
