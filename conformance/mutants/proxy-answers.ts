/** Proxies that change an answer's status or fields. */
import { gunzipSync } from "node:zlib";
import { fieldValue } from "../../src/http1/mod.ts";
import type { Exchange, Field, ResponseHead } from "../../src/http1/mod.ts";
import { parseUpstream } from "../../src/redirect/mod.ts";
import { proxyParts, Upstream } from "../../src/proxy/mod.ts";
import { isHopByHop, namedInConnection } from "../../src/proxy/hop-by-hop.ts";
import { Relay } from "../../src/proxy/relay.ts";
import type { RelayContext } from "../../src/proxy/relay.ts";
import type { Target } from "../../src/proxy/target.ts";
import { changingBodies, relays } from "./proxy-relay.ts";
import { lastOfEach, named, proxy, withFields } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import type { ForwardingMutant } from "./types.ts";

/** The server's head changed before it is passed on. */
const answering = (change: (head: ResponseHead) => ResponseHead) => (): Broken => ({
  proxy: { responseHead: (head, client) => proxyParts.responseHead(change(head), client) },
});

const fieldsOf = (change: (fields: readonly Field[]) => readonly Field[]) =>
  answering((head) => ({ ...head, fields: change(head.fields) }));

/** Fields that are there besides what is passed on rightly. */
const adding = (more: (fields: readonly Field[]) => readonly Field[]) => (): Broken => ({
  proxy: {
    responseHead: (head, client) =>
      withFields(proxyParts.responseHead(head, client), more(head.fields)),
  },
});

/** What every program knows of. */
const KNOWN = new RegExp(
  "^(content-.*|date|server|location|set-cookie|connection|keep-alive|transfer-encoding|via|vary|" +
    "cache-control|etag|last-modified|expires|accept-ranges|allow)$",
  "i",
);

function joinedCookies(fields: readonly Field[]): Field[] {
  const cookies = named(fields, /^set-cookie$/i);
  const others = fields.filter((field) => !cookies.includes(field));
  if (cookies.length === 0) return others;
  return [...others, { name: "Set-Cookie", value: cookies.map(({ value }) => value).join(", ") }];
}

function lastCookie(fields: readonly Field[]): Field[] {
  const last = named(fields, /^set-cookie$/i).at(-1);
  return fields.filter((field) => field === last || !/^set-cookie$/i.test(field.name));
}

function lastButCookies(fields: readonly Field[]): Field[] {
  const cookies = named(fields, /^set-cookie$/i);
  return [...lastOfEach(fields.filter((field) => !cookies.includes(field))), ...cookies];
}

const isGzip = ({ fields }: ResponseHead) => fieldValue(fields, "content-encoding") === "gzip";

/** Asks again where a redirect leads to, as `urllib` does. */
class Following extends Relay {
  readonly #course: readonly [RelayContext, Exchange, Target];
  #left = false;

  constructor(context: RelayContext, exchange: Exchange, target: Target) {
    super(context, exchange, target);
    this.#course = [context, exchange, target];
  }

  override onHead(head: ResponseHead): void {
    const location = fieldValue(head.fields, "location");
    const [context, exchange, target] = this.#course;
    const [, , address, path] = /^(http:\/\/([^/?#]+))?(\/[^#]*)$/.exec(location ?? "") ?? [];
    if (head.status < 300 || path === undefined) return super.onHead(head);
    this.#left = true;
    const strategy = address === undefined ? context.strategy : { pick: () => upstreamAt(address) };
    new Relay({ ...context, strategy }, exchange, { ...target, target: path }).start();
  }

  override onBody(piece: Uint8Array): void {
    if (!this.#left) super.onBody(piece);
  }

  override onComplete(trailers: readonly Field[], spent: boolean): void {
    if (!this.#left) super.onComplete(trailers, spent);
  }

  override onBroken(reason: string, untouched: boolean): void {
    if (!this.#left) super.onBroken(reason, untouched);
  }
}

function upstreamAt(address: string): Upstream {
  const { host, port } = parseUpstream(address);
  return new Upstream(host, port, address);
}

export const answerMutants: readonly ForwardingMutant[] = [
  proxy(
    "forwards",
    "errors-as-502",
    "answers 502 in the place of a server's 4xx or 5xx",
    answering((head) => head.status < 400 ? head : { ...head, status: 502, reason: "Bad Gateway" }),
  ),
  proxy(
    "forwards",
    "known-fields",
    "passes on no fields but those that it knows",
    fieldsOf((fields) => named(fields, KNOWN)),
  ),
  proxy(
    "forwards",
    "last-answer-field",
    "keeps the last of the server's fields of one name, but all cookies",
    fieldsOf(lastButCookies),
  ),
  proxy(
    "encoding-kept",
    "joins-cookies",
    "joins several Set-Cookie with commas",
    fieldsOf(joinedCookies),
  ),
  proxy("encoding-kept", "last-cookie", "keeps the last Set-Cookie", fieldsOf(lastCookie)),
  proxy(
    "encoding-kept",
    "gunzips",
    "decodes a gzip body and keeps its Content-Encoding",
    () => ({ proxy: changingBodies(isGzip, (body) => gunzipSync(body)) }),
  ),
  proxy(
    "encoding-kept",
    "drops-encoding",
    "leaves Content-Encoding off",
    fieldsOf((fields) => fields.filter(({ name }) => !/^content-encoding$/i.test(name))),
  ),
  proxy(
    "hop-by-hop",
    "answer-keep-alive",
    "passes on the server's Keep-Alive and Proxy-Connection",
    adding((fields) => named(fields, /^(keep-alive|proxy-connection)$/i)),
  ),
  proxy(
    "hop-by-hop",
    "answer-upgrade",
    "passes on the server's Upgrade and Trailer",
    adding((fields) => named(fields, /^(upgrade|trailer)$/i)),
  ),
  proxy(
    "hop-by-hop",
    "answer-authenticate",
    "passes on the server's Proxy-Authenticate",
    adding((fields) => named(fields, /^proxy-authenticate$/i)),
  ),
  proxy(
    "hop-by-hop",
    "answer-named",
    "passes on the fields that the server's Connection names",
    adding((fields) => {
      const names = namedInConnection(fields);
      return fields.filter(({ name }) => names?.has(name.toLowerCase()) && !isHopByHop(name));
    }),
  ),
  proxy(
    "no-duplicate-headers",
    "two-dates",
    "adds its own Date to the server's",
    adding(() => [{ name: "Date", value: new Date().toUTCString() }]),
  ),
  proxy(
    "no-duplicate-headers",
    "two-servers",
    "adds its own Server to the server's",
    adding(() => [{ name: "Server", value: "BaseHTTP/0.6 Python/3.12.3" }]),
  ),
  proxy(
    "redirect-through",
    "follows-redirects",
    "asks where a redirect leads to and passes that answer on",
    () => ({ proxy: relays(Following) }),
  ),
  proxy(
    "redirect-through",
    "rewrites-location",
    "takes scheme and host out of Location",
    fieldsOf((fields) =>
      fields.map((field) =>
        /^location$/i.test(field.name)
          ? { ...field, value: field.value.replace(/^https?:\/\/[^/]*/, "") }
          : field
      )
    ),
  ),
  proxy(
    "redirect-through",
    "301-as-302",
    "answers 302 for a server's 301",
    answering((head) => head.status === 301 ? { ...head, status: 302, reason: "Found" } : head),
  ),
];
