/**
 * The private protocol of orchestrator and receivers: JSON lines over TCP. The receiver connects and
 * says who it is; the orchestrator opens and closes transactions.
 */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../net/mod.ts";
import type { TcpSocket } from "../net/mod.ts";

/** From a receiver. */
export type ReceiverLine =
  | { readonly hello: string }
  | { readonly opened: number }
  /** A data packet was taken; `copy` for one that was there already. */
  | { readonly took: number; readonly seq: number; readonly bytes: number; readonly copy: boolean }
  | {
    readonly closed: number;
    readonly parts: readonly (readonly [seq: number, base64: string])[];
  };

/** From the orchestrator. */
export type OrchestratorLine = { readonly open: number } | { readonly close: number };

/** Parts of a whole transaction at their bound, in base64: beyond it the peer is not one of ours. */
const LONGEST_LINE = 32 * 1024 * 1024;

export interface Link<Out> {
  send(line: Out): void;
  close(): void;
}

interface LinkHandler<In> {
  onLine(line: In): void;
  onClose(): void;
}

/** Cuts lines and reads their JSON; a peer that sends anything else is cut off. */
function handlerOf<In>(socket: TcpSocket, handler: LinkHandler<In>) {
  let pending: Buffer[] = [];
  let length = 0;
  return {
    onData(bytes: Uint8Array) {
      let rest = Buffer.from(bytes);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        const line = Buffer.concat([...pending, rest.subarray(0, end)]).toString("utf8");
        pending = [];
        length = 0;
        rest = rest.subarray(end + 1);
        try {
          handler.onLine(JSON.parse(line) as In);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          return socket.destroy();
        }
      }
      pending.push(rest);
      length += rest.length;
      if (length > LONGEST_LINE) socket.destroy();
    },
    onClose: () => handler.onClose(),
  };
}

function linkOf<Out>(socket: TcpSocket): Link<Out> {
  return {
    send: (line) => void socket.write(Buffer.from(`${JSON.stringify(line)}\n`)),
    close: () => socket.destroy(),
  };
}

export interface LinkListener {
  readonly port: number;
  close(): Promise<void>;
}

/** The orchestrator's end; `accept` gets each receiver that connects. */
export function listenForReceivers(
  at: { readonly host: string; readonly port: number },
  accept: (link: Link<OrchestratorLine>) => LinkHandler<ReceiverLine>,
): Promise<LinkListener> {
  return nodeTcp.listen(at, (socket) => handlerOf(socket, accept(linkOf(socket))));
}

/** A receiver's end. Rejects with a NetError when the orchestrator is not there. */
export async function linkToOrchestrator(
  to: { readonly host: string; readonly port: number },
  handler: LinkHandler<OrchestratorLine>,
): Promise<Link<ReceiverLine>> {
  const socket = await nodeTcp.connect(
    { ...to, timeoutMs: 5000 },
    (opened) => handlerOf(opened, handler),
  );
  return linkOf(socket);
}
