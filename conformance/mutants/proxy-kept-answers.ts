/** Proxies that keep answers and give them to requests that they are not the answers to. */
import { Buffer } from "node:buffer";
import { fieldValue } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import { proxyParts } from "../../src/proxy/mod.ts";
import { accepting, passedOn } from "./driver.ts";
import { changingAnswers } from "./proxy-relay.ts";
import type { WholeAnswer } from "./proxy-relay.ts";
import type { Broken } from "./proxy-role.ts";

function isShortText({ status, fields, framing }: ResponseHead): boolean {
  return status === 200 && framing.kind === "length" &&
    /^text\//.test(fieldValue(fields, "content-type") ?? "");
}

/** A text that came for a path is the answer to all that ask for it later. */
export function keepsByPath(): Broken {
  const kept = new Map<string, WholeAnswer>();
  const keeping = changingAnswers(isShortText, (answer, { target }) => {
    kept.set(target, answer);
    return answer;
  });
  return {
    proxy: {
      relay(context, exchange, target) {
        const { method, framing, minor } = exchange.request;
        if (method !== "GET" || framing.kind !== "none") {
          return proxyParts.relay(context, exchange, target);
        }
        const found = kept.get(target.target);
        if (!found) return keeping.relay!(context, exchange, target);
        const { keepAlive } = exchange;
        const head = proxyParts.responseHead(found.head, { framing: "as-it-is", keepAlive, minor });
        const whole = Buffer.concat([Buffer.from(head, "latin1"), found.body]);
        return { start: () => exchange.answer(whole) };
      },
    },
  };
}

/** Where so many clients are there, each gets the answer that came before its own. */
export const mixedUpAmong = (clients: number) => (): Broken => {
  let open = 0;
  let last: WholeAnswer | undefined;
  const driver = accepting((accept) => (socket) => {
    open++;
    const handler = accept(socket);
    return passedOn(() => handler, undefined, () => open--);
  });
  const mixing = changingAnswers(() => open >= clients, (own) => {
    const given = last ?? own;
    last = own;
    return given;
  });
  return { options: { driver }, proxy: mixing };
};
