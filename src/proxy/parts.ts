/** What a proxy is made of; another part changes one thing that it does. */
import { keepsAlive } from "../http1/mod.ts";
import type { ResponseHead } from "../http1/mod.ts";
import { failureAnswer } from "./failure.ts";
import { Relay } from "./relay.ts";
import { requestHead } from "./request-head.ts";
import { bodyFraming, interimHead, responseHead } from "./response-head.ts";
import { targetOf } from "./target.ts";

export interface ProxyParts {
  targetOf: typeof targetOf;
  requestHead: typeof requestHead;
  responseHead: typeof responseHead;
  interimHead: typeof interimHead;
  bodyFraming: typeof bodyFraming;
  failureAnswer: typeof failureAnswer;
  /** Whether the server's connection may serve again after this answer. */
  keepsConnection(head: ResponseHead): boolean;
  /** The course of one request, until it starts. */
  relay(...course: ConstructorParameters<typeof Relay>): Pick<Relay, "start">;
}

export const proxyParts: ProxyParts = {
  targetOf,
  requestHead,
  responseHead,
  interimHead,
  bodyFraming,
  failureAnswer,
  keepsConnection: keepsAlive,
  relay: (...course) => new Relay(...course),
};
