/** A message as it came, read leniently: what has one plausible meaning is taken, and noted. */
import { Buffer } from "node:buffer";
import { Parser } from "../../../src/http1/mod.ts";
import type { DeviationCode, Field, RequestHead, ResponseHead } from "../../../src/http1/mod.ts";
import { latin1 } from "../bytes.ts";

export interface ReceivedMessage {
  /** All bytes of the message as they came. */
  readonly raw: Uint8Array;
  /** Undefined where nothing came, or nothing that is HTTP. */
  readonly startLine: string | undefined;
  /** The status of a response, 0 for a request or where there is none. */
  readonly status: number;
  readonly fields: readonly Field[];
  readonly body: Uint8Array;
  /** How the message ended. */
  readonly end: "length" | "chunked" | "close" | "none" | "silence" | "truncated";
  /** What was wrong with it, in words; undefined for nothing. */
  readonly problem: string | undefined;
  readonly deviations: readonly DeviationCode[];
}

/** Collects one response. */
export class ResponseReader {
  readonly #parser: Parser<ResponseHead>;
  #raw: Uint8Array[] = [];
  #body: Uint8Array[] = [];
  #head: ResponseHead | undefined;
  /** Heads before the answer's own: 100 Continue, 103 Early Hints. */
  #interim = 0;
  #problem: string | undefined;
  #deviations: DeviationCode[] = [];
  /** The message is whole, or nothing more can be made of what comes. */
  complete = false;

  constructor(bodiless: boolean) {
    this.#parser = new Parser<ResponseHead>({ kind: "response", strict: false, bodiless }, {
      onHead: (head) => {
        if (head.status >= 200) this.#head = head;
        else this.#interim++;
      },
      onData: (bytes) => this.#body.push(Buffer.from(bytes)),
      onComplete: () => {
        this.complete = true;
        this.#parser.pauseAfterMessage();
      },
      onDeviation: (found) => {
        this.#deviations.push(found.code);
        this.#problem ??= found.detail;
        if (this.#parser.failed) this.complete = true;
      },
    });
  }

  /** Takes bytes; returns those that belong to the next message. */
  push(bytes: Uint8Array): Uint8Array {
    const used = this.#parser.push(bytes);
    this.#raw.push(Buffer.from(bytes.subarray(0, used)));
    return bytes.subarray(used);
  }

  get started(): boolean {
    return this.#raw.length > 0;
  }

  /** The head is there, and its body ends only with the connection. */
  get awaitsClose(): boolean {
    return !this.complete && this.#head?.framing.kind === "close";
  }

  /** The message so far, after the peer closed, fell silent, or the message was complete. */
  result(how: "complete" | "closed" | "silence", failure?: string): ReceivedMessage {
    if (how === "closed") this.#parser.end();
    const head = this.#head;
    const raw = Buffer.concat(this.#raw);
    return {
      raw,
      startLine: head ? startLineAfter(this.#interim, latin1(raw)) : undefined,
      status: head?.status ?? 0,
      fields: head?.fields ?? [],
      body: Buffer.concat(this.#body),
      end: this.#end(how),
      problem: this.#problem ?? failure ??
        (head
          ? undefined
          : raw.length > 0
          ? "what came is not HTTP"
          : `${closing(how)} without an answer`),
      deviations: this.#deviations,
    };
  }

  #end(how: "complete" | "closed" | "silence"): ReceivedMessage["end"] {
    if (how === "silence") return "silence";
    if (!this.complete || this.#parser.failed) return "truncated";
    return this.#head?.framing.kind ?? "truncated";
  }
}

function startLineAfter(heads: number, text: string): string {
  let rest = text;
  for (let i = 0; i < heads; i++) {
    rest = rest.slice(/\r?\n\r?\n/.exec(rest)?.index ?? 0).trimStart();
  }
  return rest.split(/\r?\n/, 1)[0] ?? "";
}

function closing(how: string): string {
  return how === "silence" ? "it fell silent" : "the connection was closed";
}

/** A request as a stand-in saw it; lenient as strangers' clients need. */
export interface SeenRequest {
  readonly raw: Uint8Array;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: readonly Field[];
}

/** The request in these bytes, or undefined while its head is not complete. */
export function readRequest(bytes: Uint8Array): SeenRequest | undefined {
  const text = latin1(bytes);
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return undefined;
  let head: RequestHead | undefined;
  const parser = new Parser<RequestHead>({ kind: "request", strict: false }, {
    onHead: (found) => head = found,
  });
  const upTo = end.index + end[0].length;
  parser.push(bytes.subarray(0, upTo));
  const [method = "", target = "", version = ""] = (text.split(/\r?\n/, 1)[0] ?? "").split(" ");
  return {
    raw: bytes.subarray(0, upTo),
    method,
    target,
    version,
    fields: head?.fields ?? [],
  };
}
