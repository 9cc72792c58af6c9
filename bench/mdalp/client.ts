/** The client's side of the round trips: PORT, seconds to warm up, seconds to measure. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { HIGHEST_SEQ, PAYLOAD_BYTES, readMessage, writeData } from "../../src/mdalp/mod.ts";
import { udp } from "../../src/net/mod.ts";

const TID = 3740;
/** Looking at the clock is left out of most round trips. */
const BETWEEN_LOOKS = 100;
const LIMIT_MS = 30_000;

const [port = 0, warmUpSeconds = 0, seconds = 0] = process.argv.slice(2).map(Number);
const receiver = { host: "127.0.0.1", port };
const payload = Buffer.alloc(PAYLOAD_BYTES, "x");
let seq = 0;
let count = 0;
let untilMs = 0;
let over = () => {};

const socket = await udp.bind({ host: "127.0.0.1", port: 0 }, (datagram, from) => {
  const ack = readMessage(datagram);
  const right = ack.type === "ack" && ack.tid === TID && ack.seq === seq && from.port === port;
  if (!right) throw new Error(`an ack that was not asked for: ${JSON.stringify(ack)}`);
  count++;
  seq = (seq + 1) % HIGHEST_SEQ;
  if (count % BETWEEN_LOOKS === 0 && performance.now() >= untilMs) over();
  else send();
});

function send(): void {
  socket.send(writeData(TID, seq, payload), receiver);
}

/** Round trips a second, in stop-and-wait for so long. */
async function roundTrips(seconds: number): Promise<number> {
  const startedMs = performance.now();
  untilMs = startedMs + seconds * 1000;
  count = 0;
  const finished = new Promise<void>((resolve) => over = resolve);
  send();
  await finished;
  return count / ((performance.now() - startedMs) / 1000);
}

setTimeout(() => {
  console.error(`no ack of SEQ ${seq} came`);
  process.exit(1);
}, LIMIT_MS);
await roundTrips(warmUpSeconds);
console.log((await roundTrips(seconds)).toFixed(0));
process.exit(0);
