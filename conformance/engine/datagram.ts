/** A datagram of a case as the suite's stand-ins saw or sent it: what captures are written from. */
import type { UdpAddress } from "../../src/net/mod.ts";

export interface RecordedDatagram {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly from: UdpAddress;
  readonly to: UdpAddress;
  readonly bytes: Uint8Array;
  /** What a reader of the capture should know of it. */
  readonly comment?: string;
}
