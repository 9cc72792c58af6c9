import { test } from "uvu";
import * as assert from "uvu/assert";
import { PortPool } from "../engine/process/mod.ts";
import { hostLock } from "./host-lock.ts";

test("the lock is had by one at a time, and by the next when it is let go", async () => {
  const [port] = await new PortPool().take(1);
  const address = { host: "127.0.0.1", port: port as number };
  const order: string[] = [];
  const leave = await hostLock(address);
  const next = hostLock(address).then((leaveNext) => {
    order.push("next");
    return leaveNext();
  });
  // Another address is another lock.
  const [other] = await new PortPool().take(1);
  await (await hostLock({ host: "127.0.0.1", port: other as number }))();
  order.push("let go");
  await leave();
  await next;
  assert.equal(order, ["let go", "next"]);
});

test("where there is no such address there is no lock", async () => {
  const address = { host: "203.0.113.1", port: 1 };
  const leave = await hostLock(address);
  await (await hostLock(address))();
  await leave();
});

test.run();
