import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { adaptiveTimeout, RESULTS, splitGreedily } from "./mod.ts";
import { within } from "../net/test-kit.ts";
import { loopbackTransfer } from "./loopback-transfer.ts";

const FEW = {
  payload: Buffer.alloc(2000, "steelyard"),
  latenciesMs: [4, 2],
  loss: 0,
  seed: 1,
  limitMs: 60_000,
  giveUpMs: 45_000,
  only: undefined,
  split: splitGreedily,
  timeout: () => adaptiveTimeout(),
};

test("delivers to every receiver of the plan, in the shares of the split", async () => {
  const { receivers } = await within("a transfer", loopbackTransfer({ ...FEW, network: 200 }));
  assert.equal(receivers.map(({ packets }) => packets), splitGreedily(20, [4, 2]));
  assert.equal(receivers.map(({ receiver }) => receiver.address), ["127.200.0.2", "127.200.0.3"]);
});

test("loses the packets that the seed says, the same each time", async () => {
  const lossy = { ...FEW, payload: Buffer.alloc(1000), loss: 0.3 };
  const [one, same] = await within(
    "two transfers",
    Promise.all([201, 202].map((network) => loopbackTransfer({ ...lossy, network }))),
    60_000,
  );
  const losses = one?.receivers.map(({ timeouts }) => timeouts);
  assert.equal(same?.receivers.map(({ timeouts }) => timeouts), losses);
  assert.ok((losses ?? []).some((count) => count > 0), String(losses));
});

test("is over when the client is done, whatever its last packets leave open", async () => {
  // Full packets, of which none shows that it is the last, and fewer than receivers would want.
  const few = { ...FEW, payload: Buffer.alloc(300), latenciesMs: [700, 350], network: 203 };
  const { verdict } = await within("a transfer", loopbackTransfer(few), 20_000);
  assert.is(verdict, RESULTS.completed);
});

test("all to one receiver is what the orchestrator says it is", async () => {
  const { verdict } = await loopbackTransfer({ ...FEW, only: 1, network: 204 });
  assert.is(verdict, RESULTS.violation);
});

test.run();
