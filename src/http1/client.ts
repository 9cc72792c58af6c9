/** One request on a connection of its own, and its answer as it comes. */
import { nodeTcp } from "../net/mod.ts";
import type { TcpSocket } from "../net/mod.ts";
import { fieldValue, Http1Error } from "./message.ts";
import type { Deviation, ResponseHead } from "./message.ts";
import { Parser } from "./parser.ts";

export interface RequestOptions {
  readonly host: string;
  readonly port: number;
  /** The whole request as a Latin-1 string. */
  readonly message: string;
  /** It is a HEAD: the answer has no body. */
  readonly bodiless?: boolean;
  /** Milliseconds for the connection to open. */
  readonly connectMs: number;
  /** Milliseconds without a byte before the answer is given up. */
  readonly idleMs: number;
  /** Milliseconds for all of it; none when left out. */
  readonly totalMs?: number;
}

export interface ResponseHandler {
  onHead(head: ResponseHead): void;
  onData?(bytes: Uint8Array): void;
}

/**
 * Sends a request and resolves when the answer is complete. Rejects with a NetError when the
 * connection fails, and with an Http1Error of code `malformed`, `truncated` or `silent`.
 */
export function request(options: RequestOptions, handler: ResponseHandler): Promise<ResponseHead> {
  const where = `${options.host}:${options.port}`;
  return new Promise<ResponseHead>((resolve, reject) => {
    let answered: ResponseHead | undefined;
    let received = 0;
    let settled = false;
    let socket: TcpSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const settle = (error: Error | undefined) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket?.destroy();
      if (error) reject(error);
      else resolve(answered as ResponseHead);
    };
    const late = (ms: number, what: string) =>
      settle(new Http1Error("silent", `${where}: ${what} within ${ms} ms; is it still working?`));

    const parser = new Parser<ResponseHead>(
      { kind: "response", strict: false, bodiless: options.bodiless ?? false },
      {
        onHead(head) {
          if (head.status < 200) return;
          answered = head;
          attempt(() => handler.onHead(head));
        },
        onData(bytes) {
          received += bytes.length;
          attempt(() => handler.onData?.(bytes));
        },
        onComplete() {
          settle(undefined);
          // What comes behind the answer answers nothing.
          parser.pauseAfterMessage();
        },
        onDeviation(found) {
          if (parser.failed) settle(deviationError(found, where, answered, received));
        },
      },
    );
    // What the caller's handler throws (a full disk) is the result of the request.
    const attempt = (call: () => void) => {
      if (settled) return;
      try {
        call();
      } catch (error) {
        settle(error as Error);
      }
    };

    if (options.totalMs) {
      timer = setTimeout(
        () => late(options.totalMs as number, "no complete answer"),
        options.totalMs,
      );
    }
    nodeTcp.connect(
      { host: options.host, port: options.port, timeoutMs: options.connectMs },
      (opened) => {
        socket = opened;
        opened.setIdleTimeout(options.idleMs);
        return {
          onData: (bytes) => {
            if (!settled) parser.push(bytes);
          },
          onEnd: () => closed(undefined),
          onIdle: () => late(options.idleMs, "no byte came"),
          onClose: (error) => closed(error),
        };
      },
    ).then((opened) => {
      if (settled) opened.destroy();
      else opened.write(options.message);
    }, settle);

    const closed = (error: Error | undefined) => {
      if (settled) return;
      if (error) return settle(error);
      parser.end();
      if (settled) return;
      settle(new Http1Error("truncated", `${where} closed the connection without an answer`));
    };
  });
}

function deviationError(
  found: Deviation,
  where: string,
  head: ResponseHead | undefined,
  received: number,
): Http1Error {
  if (found.code !== "truncated") {
    return new Http1Error("malformed", `${where} sent a malformed answer: ${found.detail}`);
  }
  const length = head && fieldValue(head.fields, "content-length");
  const detail = length ? `after ${received} of ${length} bytes` : `after ${received} bytes`;
  return new Http1Error("truncated", `${where} closed the connection ${detail}`);
}
