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
