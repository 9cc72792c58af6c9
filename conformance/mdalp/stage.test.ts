import { Buffer } from "node:buffer";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withContext } from "../engine/run/test-kit.ts";
import { PORT } from "./network.ts";
import { openStage } from "./stage.ts";

const test = suite("stage");

test("parties reach each other at their addresses, and all is recorded in order", async () => {
  await withContext({ roles: {} }, async (context) => {
    const stage = openStage(context);
    const told: string[] = [];
    const a = await stage.party("a", stage.at(2), (bytes, from) => {
      told.push(`${bytes} from ${from.host}`);
      // The record is there before the party is told.
      assert.is(context.datagrams.filter(({ to }) => to.host === a.address.host).length, 2);
    });
    const client = await stage.party(
      "client 1",
      { ...stage.at(201), port: 0 },
      () => {},
    );
    assert.is(a.address.port, PORT);
    assert.ok(client.address.port > 0);
    client.send(Buffer.from("Type:0;"), a.address);
    assert.ok(await context.log.waitFor(() => told.length > 0, 10_000));
    assert.equal(told, [`Type:0; from ${client.address.host}`]);
    assert.equal(context.datagrams.map(({ from, to, bytes }) => [from, to, String(bytes)]), [
      [client.address, a.address, "Type:0;"],
      [client.address, a.address, "Type:0;"],
    ]);
    assert.match(context.log.toString(), /client 1: sends Type:0;\n.*a: got Type:0;$/);
  });
});

test("two stages of one run have different networks", async () => {
  await withContext({ roles: {} }, (context) => {
    const stages = [openStage(context), openStage(context)];
    assert.is.not(stages[0]?.prefix, stages[1]?.prefix);
    assert.is(stages[0]?.at(7).host, `${stages[0]?.prefix}.7`);
    return Promise.resolve();
  });
});

test.run();
