/** A whole transfer of the reference to one receiver without latency: BYTES; prints packets a second. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { adaptiveTimeout, splitGreedily } from "../../src/mdalp/mod.ts";
import { deliver } from "./deliver.ts";

const { makespanMs, receivers } = await deliver({
  payload: Buffer.alloc(Number(process.argv[2]), "A steelyard weighs unequal loads. "),
  latenciesMs: [0],
  loss: 0,
  seed: 1,
  network: 9,
  split: splitGreedily,
  timeout: () => adaptiveTimeout(),
});
const packets = receivers.reduce((sum, receiver) => sum + receiver.packets, 0);
console.log((packets / (makespanMs / 1000)).toFixed(0));
process.exit(0);
