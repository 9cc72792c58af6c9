/**
 * The text made of a head, kept while the parser gives the same head again: clients and servers repeat
 * themselves, and to make the text anew costs as much as all else that is done for a small request.
 */
import type { RequestHead, ResponseHead } from "../http1/mod.ts";
import { fieldValue } from "../http1/mod.ts";
import { isForServer } from "./admission.ts";
import type { ProxyParts } from "./parts.ts";
import type { Route } from "./request-head.ts";
import type { ClientSide } from "./response-head.ts";
import type { Target } from "./target.ts";

type Writers = Pick<ProxyParts, "targetOf" | "requestHead" | "responseHead">;

interface RequestText {
  readonly client: string;
  readonly text: string;
}

interface ResponseText extends ClientSide {
  readonly text: string;
}

export class HeadMemo {
  readonly #writers: Writers;
  readonly #targets = new WeakMap<RequestHead, Target>();
  readonly #requests = new WeakMap<RequestHead, RequestText>();
  readonly #responses = new WeakMap<ResponseHead, ResponseText>();

  constructor(writers: Writers) {
    this.#writers = writers;
  }

  /** Undefined for what is not for a server, and what no server can be asked. */
  targetOf(head: RequestHead): Target | undefined {
    let target = this.#targets.get(head);
    if (!target && isForServer(head)) {
      target = this.#writers.targetOf(head);
      if (target) this.#targets.set(head, target);
    }
    return target;
  }

  requestHead(head: RequestHead, target: Target, route: Route): string {
    const kept = this.#requests.get(head);
    if (kept && kept.client === route.client) return kept.text;
    const text = this.#writers.requestHead(head, target, route);
    // Without a Host of the client's the text names the server, which differs from time to time.
    if (target.host !== undefined || fieldValue(head.fields, "host") !== undefined) {
      this.#requests.set(head, { client: route.client, text });
    }
    return text;
  }

  responseHead(head: ResponseHead, client: ClientSide): string {
    const kept = this.#responses.get(head);
    if (
      kept && kept.framing === client.framing && kept.keepAlive === client.keepAlive &&
      kept.minor === client.minor
    ) return kept.text;
    const text = this.#writers.responseHead(head, client);
    // Without a Date of the server's the text holds the present.
    if (fieldValue(head.fields, "date") !== undefined) {
      this.#responses.set(head, { ...client, text });
    }
    return text;
  }
}
