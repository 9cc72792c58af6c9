/** MDALP, the UDP transfer protocol: its messages, its shares, its timeouts. Rules: spec/mdalp. */
export * from "./message.ts";
export { parsePythonLiteral, PythonLiteralError, writePythonString } from "./python-list.ts";
export type { PythonValue } from "./python-list.ts";
export * from "./split.ts";
export * from "./timeout.ts";
export { realClock, ReceiverDead, Sender } from "./sender.ts";
export type { Clock, SenderFigures, SenderOptions } from "./sender.ts";
export { joinParts, MOST_PACKETS, Reassembly } from "./reassembly.ts";
export { ping, readPing } from "./ping.ts";
export { transfer, TransferError, transferParts } from "./client.ts";
export type { ReceiverResult, TransferOptions, TransferParts, TransferResult } from "./client.ts";
export { startOrchestrator } from "./orchestrator.ts";
export type {
  OrchestratorOptions,
  OrchestratorStatus,
  ReceiverReport,
  RunningOrchestrator,
  TransactionReport,
} from "./orchestrator.ts";
export { receiverParts, startReceiver } from "./receiver.ts";
export type { ReceiverOptions, ReceiverParts, RunningReceiver } from "./receiver.ts";
export { resultOf, RESULTS, violatesBalance } from "./verdict.ts";
export type { Result } from "./verdict.ts";
export { impaired } from "./impaired.ts";
export type { Impairment } from "./impaired.ts";
export { serveStatus } from "./status-page.ts";
