/** One request as the server behind a proxy saw it. */
import type { DeviationCode, Field, RequestHead } from "../../src/http1/mod.ts";
import { escapeHead } from "../engine/bytes.ts";
import { KeptBytes } from "./kept-bytes.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";

/** The usual parts of an answer; what is odd is sent byte by byte. */
export interface Answer {
  /** Code and reason; `200 OK` by default. */
  readonly status?: string;
  /** Lines as they are sent, `Name: value`, before Content-Length. */
  readonly fields?: readonly string[];
  /** A string is Latin-1. */
  readonly body?: Uint8Array | string;
  /** Ends the connection after it, and says so. */
  readonly close?: boolean;
}

export class UpstreamRequest {
  readonly method: string;
  readonly target: string;
  /** `HTTP/1.1` or `HTTP/1.0`. */
  readonly version: string;
  readonly fields: readonly Field[];
  /** What ends its body. */
  readonly framing: RequestHead["framing"]["kind"];
  readonly connection: UpstreamConnection;
  /** The head as it came, with its empty line. */
  readonly head: Uint8Array;
  /** Its content, without the framing. */
  readonly body: KeptBytes = new KeptBytes();
  /** Departures from RFC 9112 that a strict parser names, in its head and its body. */
  readonly deviations: readonly DeviationCode[];
  /** Milliseconds on the runtime's clock when its head was there. */
  readonly atMs: number = performance.now();
  trailers: readonly Field[] = [];
  /** Undefined until its end has come, or it is known that it will not. */
  complete: boolean | undefined;
  /** Resolves with `complete`. */
  readonly whole: Promise<boolean>;
  #settle: (complete: boolean) => void = () => {};

  constructor(
    head: RequestHead,
    raw: Uint8Array,
    deviations: readonly DeviationCode[],
    connection: UpstreamConnection,
  ) {
    this.method = head.method;
    this.target = head.target;
    this.version = `HTTP/1.${head.minor}`;
    this.fields = head.fields;
    this.framing = head.framing.kind;
    this.head = raw;
    this.deviations = deviations;
    this.connection = connection;
    this.whole = new Promise((settle) => this.#settle = settle);
  }

  /** Called by the connection once; what comes later changes nothing. */
  settle(complete: boolean): void {
    this.complete ??= complete;
    this.#settle(this.complete);
  }

  /** Sends a plain answer with a Content-Length; none of its body to HEAD. */
  answer({ status = "200 OK", fields = [], body = "", close = false }: Answer = {}): void {
    const head = [
      `HTTP/1.1 ${status}`,
      ...fields,
      `Content-Length: ${body.length}`,
      ...(close ? ["Connection: close"] : []),
    ];
    this.connection.send(`${head.join("\r\n")}\r\n\r\n`);
    if (this.method !== "HEAD" && body.length > 0) this.connection.send(body);
    if (close) this.connection.end();
  }

  /** Its head, and what is known of its body, for evidence. */
  toString(): string {
    const { length, sha256 } = this.body;
    const end = this.complete === undefined ? "not whole yet" : this.complete ? "whole" : "cut off";
    const body = length === 0 ? "no body" : `${length} bytes of body, SHA-256 ${sha256}`;
    return `${escapeHead(this.head)}(${body}; ${end})`;
  }
}
