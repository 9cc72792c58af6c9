/** The one seam to Bun, Deno and Node: TCP, and which runtime this is. */
import { bunTcp } from "./tcp-bun.ts";
import { nodeTcp } from "./tcp-node.ts";
import type { TcpDriver } from "./tcp.ts";

export { NetError } from "./tcp.ts";
export type {
  ConnectOptions,
  ListenOptions,
  TcpDriver,
  TcpHandler,
  TcpListener,
  TcpSocket,
} from "./tcp.ts";
export { runArguments, runtime, runtimeVersion } from "./runtime.ts";
export type { Runtime } from "./runtime.ts";
export { nodeTcp };

/** The fastest TCP of this runtime. */
export const tcp: TcpDriver = bunTcp ?? nodeTcp;
