/** Which ends of datagrams are clients: by port too, as all parties may share one address. */
import { endpointName } from "./datagrams.ts";
import type { Datagram } from "./datagrams.ts";

/** The names of those that send intents and data, or get plans and acks. */
export function clientsOf(datagrams: readonly Datagram[]): Set<string> {
  const clients = new Set<string>();
  for (const { source, destination, payload } of datagrams) {
    const type = typeOf(payload);
    if (type === 0 || type === 2) clients.add(endpointName(source));
    if (type === 1 || type === 3) clients.add(endpointName(destination));
  }
  return clients;
}

/** The type that a datagram says it has, whatever follows; undefined for other bytes. */
export function typeOf(payload: Uint8Array): 0 | 1 | 2 | 3 | undefined {
  const type = /^Type:([0-3]);/.exec(String.fromCharCode(...payload.subarray(0, 7)))?.[1];
  return type === undefined ? undefined : Number(type) as 0 | 1 | 2 | 3;
}
