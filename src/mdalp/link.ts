/**
 * The private protocol of orchestrator and receivers: JSON lines over TCP. The receiver connects and
 * says who it is; the orchestrator opens and closes transactions.
 */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../net/mod.ts";
import type { TcpSocket } from "../net/mod.ts";
import { readOrchestratorLine, readReceiverLine } from "./link-lines.ts";
import type { OrchestratorLine, ReceiverLine } from "./link-lines.ts";

/** Parts of a whole transaction at their bound, in base64: beyond it the peer is not one of ours. */
const LONGEST_LINE = 32 * 1024 * 1024;
/** Before the first line that makes sense: a hello and its answer are far below it. */
const LONGEST_FIRST_LINE = 4096;
/** Twice the receivers of the largest plan; more are cut off at once. */
const MOST_LINKS = 64;

export interface Link<Out> {
  send(line: Out): void;
  close(): void;
}

interface LinkHandler<In> {
  onLine(line: In): void;
  onClose(): void;
}

/** Cuts lines and reads them; a peer that sends no JSON is cut off, and other JSON passed over. */
function handlerOf<In>(
  socket: TcpSocket,
  read: (value: unknown) => In | undefined,
  handler: LinkHandler<In>,
) {
  let pending: Buffer[] = [];
  let length = 0;
  let longest = LONGEST_FIRST_LINE;
  return {
    onData(bytes: Uint8Array) {
      let rest = Buffer.from(bytes);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        if (length + end > longest) return socket.destroy();
        const text = Buffer.concat([...pending, rest.subarray(0, end)]).toString("utf8");
        pending = [];
        length = 0;
        rest = rest.subarray(end + 1);
        const value = jsonOf(text);
        if (value === undefined) return socket.destroy();
        const line = read(value);
        if (line === undefined) continue;
        longest = LONGEST_LINE;
        handler.onLine(line);
      }
      pending.push(rest);
      length += rest.length;
      if (length > longest) socket.destroy();
    },
    onClose: () => handler.onClose(),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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

/** The orchestrator's end; `accept` gets each receiver that connects, 64 at a time at most. */
export function listenForReceivers(
  at: { readonly host: string; readonly port: number },
  accept: (link: Link<OrchestratorLine>) => LinkHandler<ReceiverLine>,
): Promise<LinkListener> {
  let links = 0;
  return nodeTcp.listen(at, (socket) => {
    if (links >= MOST_LINKS) {
      socket.destroy();
      return { onData() {}, onClose() {} };
    }
    links++;
    const handler = accept(linkOf(socket));
    const onClose = () => {
      links--;
      handler.onClose();
    };
    return handlerOf(socket, readReceiverLine, { ...handler, onClose });
  });
}

/** A receiver's end. Rejects with a NetError when the orchestrator is not there. */
export async function linkToOrchestrator(
  to: { readonly host: string; readonly port: number },
  handler: LinkHandler<OrchestratorLine>,
): Promise<Link<ReceiverLine>> {
  const socket = await nodeTcp.connect(
    { ...to, timeoutMs: 5000 },
    (opened) => handlerOf(opened, readOrchestratorLine, handler),
  );
  return linkOf(socket);
}
