/** The rules of MDALP, one for one from its spec page. */
import type { Rule } from "../engine/case.ts";
import { rulesOf } from "../engine/rule-rows.ts";
import type { RuleRow } from "../engine/rule-rows.ts";

const ARRIVES = "the datagrams that arrive at orchestrator and receivers, and how the client ends";

const ROWS: readonly RuleRow[] = [
  [
    "client.intent",
    "MUST",
    "sends exactly `Type:0;` and uses a plan that comes 5 s later",
    "the bytes at the orchestrator, the first data packet at the receiver",
  ],
  [
    "client.patient",
    "SHOULD",
    "a plan that comes 100 s later is still used",
    "the first data packet; under a warped clock where the manifest allows it",
  ],
  [
    "client.intent-again",
    "SHOULD",
    "sends the intent again when no plan comes",
    "a second intent within 130 s",
  ],
  [
    "client.parses-plan",
    "MUST",
    "any number of receivers 1..10, names with quotes, commas and non-ASCII, any key order",
    "data with the plan's TID at the plan's addresses",
  ],
  [
    "client.no-eval",
    "MUST",
    "a plan with code in DATA is refused, nothing runs",
    "no file that the code would make, no data packet of that plan",
    "security",
  ],
  [
    "client.one-receiver",
    "MUST",
    "unbalanced mode: the whole payload to the chosen receiver",
    "data packets by receiver, in the manifest's mode `single`",
  ],
  [
    "client.stop-and-wait",
    "MUST",
    "at most one unacknowledged packet per receiver",
    "a new packet at a receiver before the last one was acknowledged",
  ],
  [
    "client.retransmits",
    "MUST",
    "no ack: the same bytes again within 10 s",
    "the next datagram at the receiver",
  ],
  [
    "client.not-eager",
    "SHOULD",
    "an ack that takes 0.9 s is waited for: at most one needless copy a packet",
    "copies of a packet at the receiver",
  ],
  ["client.payload-limit", "MUST", "1..100 payload bytes a packet", ARRIVES],
  ["client.full-packets", "SHOULD", "all but a receiver's last are full", ARRIVES],
  [
    "client.ack-checked",
    "MUST",
    "an ack counts only with its TID, the SEQ in flight and from that receiver's address",
    "the next datagram after such an ack: the same packet again, not the next one",
  ],
  [
    "client.duplicate-ack",
    "MUST",
    "a duplicate or late ack never moves it past an unacknowledged packet",
    "the next datagram after such an ack: the packet in flight again, not the next one",
  ],
  [
    "client.sequence",
    "MUST",
    "SEQ 0..n-1, no gap, no repeat but retransmission; each receiver a contiguous range, in plan order",
    ARRIVES,
  ],
  [
    "client.reassembles",
    "MUST",
    "payloads in SEQ order are the file, byte for byte: ASCII and UTF-8 text of 100 B, 101 B, 5 kB, 100 kB",
    ARRIVES,
  ],
  ["client.binary", "SHOULD", "the same for every byte value", ARRIVES, "expected"],
  [
    "client.shares",
    "MUST",
    "lower latency, larger share; none under 10 % of the payload; none 100 %; judged where the client measured",
    "bytes by receiver, 2 to 5 receivers, latencies 1.5 times apart or more, as the stand-in ping tells them",
  ],
  [
    "client.inverse-latency",
    "SHOULD",
    "shares within one packet of the ratio 1/latency",
    "bytes by receiver, 335/163/157 ms, 5000 B",
  ],
  [
    "client.parallel",
    "MUST",
    "receivers work at the same time: makespan under 1.5 times the slowest receiver's own time",
    "times of data and acks at the receivers",
  ],
  [
    "client.garbage",
    "MUST",
    "unparseable, truncated, oversized, wrong-type datagrams are ignored",
    "the transfer goes on as if they had not come",
  ],
  [
    "client.dead-receiver",
    "SHOULD",
    "a receiver that never answers ends in a clear error and a non-zero exit, not an endless loop",
    "exit code and output, waited for 60 s",
  ],
  [
    "client.empty-payload",
    "SHOULD",
    "an empty file: a clear message, or an empty transaction; no crash",
    "exit code, output and data packets",
  ],
  [
    "client.few-bytes",
    "SHOULD",
    "fewer bytes than receivers: delivered or refused with a reason",
    "exit code, output and data packets",
  ],
  [
    "orchestrator.plan",
    "MUST",
    "answers `Type:0;` with a plan: new TID, receivers, to the address that asked",
    "the datagram that comes back",
  ],
  [
    "orchestrator.queue",
    "MUST",
    "one transaction at a time per receiver set; later intents wait their turn",
    "the order of plans and of the ends of transactions",
  ],
  [
    "orchestrator.same-intent",
    "SHOULD",
    "a repeated intent from a waiting client does not open a second transaction",
    "plans that come back, by TID",
  ],
  [
    "orchestrator.verdict",
    "MUST",
    "ends each transaction with one of the three results, with shares, times and timeouts, readable as JSON and as text",
    "what the manifest's `results` give",
  ],
  [
    "orchestrator.deadline",
    "MUST",
    "gives a transaction up after its limit (90 s by default)",
    "the plan of the client that waits behind one that sends nothing",
  ],
  [
    "orchestrator.garbage",
    "MUST",
    "ignores what is not an intent and stays up",
    "an intent after it is answered, and nothing else is",
  ],
  [
    "receiver.acks",
    "MUST",
    "acks each data packet of an open transaction with its TID and SEQ",
    "the datagram that comes back",
  ],
  [
    "receiver.duplicates",
    "MUST",
    "a duplicate is acked again and stored once",
    "the datagrams that come back, and the shares in the results",
  ],
  [
    "receiver.unknown-tid",
    "MUST",
    "no ack for a transaction it does not know",
    "the next datagram that comes back is the ack of a good packet",
  ],
  [
    "receiver.bounds",
    "MUST",
    "payload over 100 bytes, SEQ negative, not a number or absurd: no ack, bounded memory",
    "the next datagram that comes back is the ack of a good packet; resident memory",
    "security",
  ],
];

export const mdalpRules: readonly Rule[] = rulesOf("mdalp", ROWS);
