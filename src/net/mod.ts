/** The one seam to Bun, Deno and Node: TCP, UDP, and which runtime this is. */
import { bunTcp } from "./tcp-bun.ts";
import { nodeTcp } from "./tcp-node.ts";
import type { TcpDriver } from "./tcp.ts";
import { bunUdp } from "./udp-bun.ts";
import { nodeUdp } from "./udp-node.ts";
import { polling } from "./udp-polling.ts";
import type { UdpDriver } from "./udp.ts";

export { numericAddress } from "./numeric-address.ts";
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
export type { DatagramHandler, UdpAddress, UdpDriver, UdpSocket } from "./udp.ts";
export { nodeTcp, nodeUdp };

/** The fastest TCP of this runtime. */
export const tcp: TcpDriver = bunTcp ?? nodeTcp;

/** UDP of this runtime that sleeps while nothing comes. `node:dgram` on Bun ends at ICMP errors. */
export const quietUdp: UdpDriver = bunUdp ?? nodeUdp;

/** The fastest UDP of this runtime. */
export const udp: UdpDriver = polling(quietUdp);
