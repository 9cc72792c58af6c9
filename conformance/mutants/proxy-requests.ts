/** Proxies that send a server another request than the client's. */
import type { Field } from "../../src/http1/mod.ts";
import { hasToken } from "../../src/http1/mod.ts";
import { proxyParts } from "../../src/proxy/mod.ts";
import type { ProxyParts } from "../../src/proxy/mod.ts";
import { isHopByHop, namedInConnection } from "../../src/proxy/hop-by-hop.ts";
import { lastOfEach, named, proxy, withFields } from "./proxy-role.ts";
import type { Broken } from "./proxy-role.ts";
import type { ForwardingMutant } from "./types.ts";

/** Another target. */
const asking = (change: (target: string) => string) => (): Broken => ({
  proxy: {
    targetOf(head) {
      const found = proxyParts.targetOf(head);
      return found && { ...found, target: change(found.target) };
    },
  },
});

const onPath = (change: (path: string) => string) =>
  asking((target) => target.replace(/^[^?]*/, change));

/** The client's fields changed before they are passed on. */
const sending = (change: (fields: readonly Field[]) => readonly Field[]) => (): Broken => ({
  proxy: {
    requestHead: (head, ...route) =>
      proxyParts.requestHead({ ...head, fields: change(head.fields) }, ...route),
  },
});

/** Fields that should end at the proxy, passed on. */
const passing = (choose: (fields: readonly Field[]) => readonly Field[]) => (): Broken => ({
  proxy: {
    requestHead: (head, ...route) =>
      withFields(proxyParts.requestHead(head, ...route), choose(head.fields)),
  },
});

/** What has to be there for a request to be understood. */
const FRAMING = /^(host|content-length|content-type|transfer-encoding|connection|expect)$/i;
/** What browsers send. */
const USUAL =
  /^(accept.*|user-agent|cookie|authorization|if-.*|range|referer|origin|via|x-forwarded-.*)$/i;

function ownAgent(fields: readonly Field[]): Field[] {
  const others = fields.filter(({ name }) => !/^user-agent$/i.test(name));
  return [...others, { name: "User-Agent", value: "python-requests/2.31.0" }];
}

function headAsGet(): Broken {
  const requestHead: ProxyParts["requestHead"] = (head, ...route) =>
    proxyParts.requestHead(head.method === "HEAD" ? { ...head, method: "GET" } : head, ...route);
  return { proxy: { requestHead } };
}

export const requestMutants: readonly ForwardingMutant[] = [
  proxy(
    "forwards",
    "drops-query",
    "asks without the query",
    asking((target) => target.split("?")[0] as string),
  ),
  proxy(
    "forwards",
    "lower-case",
    "asks for the path in small letters",
    onPath((path) => path.toLowerCase()),
  ),
  proxy(
    "forwards",
    "unescapes",
    "asks for the path with its escapes resolved",
    onPath((path) =>
      path.replace(/%([2-7][0-9a-f])/gi, (escape, code) => {
        const letter = String.fromCharCode(parseInt(code, 16));
        return /[!-~]/.test(letter) ? letter : escape;
      })
    ),
  ),
  proxy(
    "forwards",
    "one-slash",
    "makes one slash of several",
    onPath((path) => path.replace(/\/{2,}/g, "/")),
  ),
  proxy("forwards", "head-as-get", "sends GET where it was asked with HEAD", headAsGet),
  proxy(
    "request-headers",
    "few-fields",
    "sends the server nothing of the client's fields but Host and what a body needs",
    sending((fields) => named(fields, FRAMING)),
  ),
  proxy(
    "request-headers",
    "usual-fields",
    "sends on the fields that browsers send and no others",
    sending((fields) => fields.filter(({ name }) => FRAMING.test(name) || USUAL.test(name))),
  ),
  proxy(
    "request-headers",
    "own-agent",
    "puts a User-Agent of its own in the place of the client's",
    sending(ownAgent),
  ),
  proxy(
    "request-headers",
    "last-field",
    "keeps the last of the client's fields of one name",
    sending(lastOfEach),
  ),
  proxy(
    "hop-by-hop",
    "request-connection",
    "sends the client's Connection on to the server",
    passing((fields) => named(fields, /^connection$/i)),
  ),
  proxy(
    "hop-by-hop",
    "request-keep-alive",
    "sends the client's Keep-Alive and Proxy-Connection on to the server",
    passing((fields) => named(fields, /^(keep-alive|proxy-connection)$/i)),
  ),
  proxy(
    "hop-by-hop",
    "request-te",
    "sends the client's TE and Trailer on to the server",
    passing((fields) => named(fields, /^(te|trailer)$/i)),
  ),
  proxy(
    "hop-by-hop",
    "request-upgrade",
    "sends the client's Upgrade on to the server, without Connection",
    // With it the server would change the protocol.
    passing((fields) => hasToken(fields, "upgrade", "h2c") ? [] : named(fields, /^upgrade$/i)),
  ),
  proxy(
    "hop-by-hop",
    "request-authorization",
    "sends the client's Proxy-Authorization on to the server",
    passing((fields) => named(fields, /^proxy-authorization$/i)),
  ),
  proxy(
    "hop-by-hop",
    "request-named",
    "sends the fields on that the client's Connection names",
    passing((fields) => {
      const names = namedInConnection(fields);
      return fields.filter(({ name }) => names?.has(name.toLowerCase()) && !isHopByHop(name));
    }),
  ),
];
