/** The two published captures, where they lie beside the checkout. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CaptureError, readCapture } from "./capture-file.ts";
import { readTraffic } from "./datagrams.ts";
import { PUBLISHED, published } from "./published.ts";
import { judgeTransaction } from "./trace-judge.ts";
import type { Judgement } from "./trace-judge.ts";
import { findTransactions } from "./transactions.ts";

function judgedFile(name: string): Judgement {
  const { frames, problems } = readCapture(readFileSync(join(PUBLISHED, name)));
  assert.equal(problems, []);
  const { transactions } = findTransactions(readTraffic(frames));
  assert.is(transactions.length, 1);
  return judgeTransaction(transactions[0]!, readFileSync(join(PUBLISHED, "payload-5000.txt")));
}

function failed({ findings }: Judgement): string[] {
  return findings.filter(({ verdict }) => verdict === "fail").map(({ rule }) => rule);
}

published(test, "load_balance.pcapng completed, in 7.26 times the bound", () => {
  const one = judgedFile("load_balance.pcapng");
  assert.is(one.result, "Transaction completed!");
  assert.equal(failed(one), []);
  assert.equal(one.findings.filter(({ verdict }) => verdict === "unknown"), []);
  assert.is(one.tid, 3740);
  assert.is(one.bytes, 5000);
  assert.equal(one.receivers.map(({ packets }) => packets), [10, 20, 21]);
  assert.is(one.timeouts, 4);
  assert.is(one.planS?.toFixed(1), "795.0");
  assert.is(one.makespanS.toFixed(3), "23.899");
  assert.is(one.boundS?.toFixed(3), "3.290");
  assert.is((one.makespanS / (one.boundS ?? 0)).toFixed(2), "7.26");
});

published(test, "b.pcapng is complete data with a load balancing violation", () => {
  const one = judgedFile("b.pcapng");
  assert.is(one.result, "Transaction failed! Complete data but load balancing violation!");
  assert.equal(failed(one), ["mdalp.client.shares"]);
  assert.equal(one.receivers.map(({ packets }) => packets), [0, 50, 0]);
  assert.is(one.timeouts, 2);
  assert.is(one.boundS, undefined);
});

published(test, "a published capture that ends early is judged as far as it goes", () => {
  const whole = readFileSync(join(PUBLISHED, "load_balance.pcapng"));
  let most = 0;
  for (let length = 0; length <= whole.length; length += 61) {
    try {
      const { frames } = readCapture(whole.subarray(0, length));
      assert.ok(frames.length >= most);
      most = frames.length;
      for (const one of findTransactions(readTraffic(frames)).transactions) judgeTransaction(one);
    } catch (error) {
      if (!(error instanceof CaptureError) || length >= 24) throw error;
    }
  }
  assert.ok(most > 100, `${most} frames`);
});

test.run();
