/** What is sent: bytes of which no two packets are alike, the same in each process. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

export function payloadOf(bytes: number): Buffer {
  const blocks = Array.from(
    { length: Math.ceil(bytes / 32) },
    (_, i) => createHash("sha256").update(`steelyard ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
