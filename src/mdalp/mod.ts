/** MDALP, the UDP transfer protocol: its messages, its shares, its timeouts. Rules: spec/mdalp. */
export * from "./message.ts";
export { parsePythonLiteral, PythonLiteralError, writePythonString } from "./python-list.ts";
export * from "./split.ts";
export * from "./timeout.ts";
export { layOut, packetCount } from "./packets.ts";
export type { Packet } from "./packets.ts";
export { ReceiverDead, Sender } from "./sender.ts";
export type { Clock, SenderFigures, SenderOptions } from "./sender.ts";
export { joinParts, Reassembly } from "./reassembly.ts";
export { RecentlyClosed } from "./recently-closed.ts";
export { ping, readPing } from "./ping.ts";
export { connectTime } from "./connect-time.ts";
export { LATENCY_SOURCES, measureLatencies } from "./latency.ts";
export type { Latencies, LatencyParts } from "./latency.ts";
export { transfer, transferParts } from "./client.ts";
export type {
  ReceiverResult,
  ShareSender,
  TransferOptions,
  TransferParts,
  TransferResult,
} from "./client.ts";
export { TransferError } from "./transfer-error.ts";
export { orchestratorParts, startOrchestrator } from "./orchestrator.ts";
export type {
  OrchestratorOptions,
  OrchestratorParts,
  OrchestratorStatus,
  RunningOrchestrator,
} from "./orchestrator.ts";
export type { ReceiverReport, TransactionReport } from "./transaction-report.ts";
export { receiverParts, startReceiver } from "./receiver.ts";
export type { ReceiverOptions, ReceiverParts, RunningReceiver } from "./receiver.ts";
export { resultOf, RESULTS, violatesBalance } from "./verdict.ts";
export type { Result } from "./verdict.ts";
export { impaired } from "./impaired.ts";
export type { Impairment } from "./impaired.ts";
export { serveStatus } from "./status-page.ts";
