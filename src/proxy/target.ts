/** What a request asks of which host: the forms of RFC 9112, section 3.2. */
import { fieldValue } from "../http1/mod.ts";
import type { RequestHead } from "../http1/mod.ts";

export interface Target {
  /** Origin-form, or `*`. */
  readonly target: string;
  /** The value for Host; undefined where the client's own field stands. */
  readonly host: string | undefined;
}

const ABSOLUTE = /^http:\/\/([^/?#@]+)((?:[/?].*)?)$/i;
const AUTHORITY = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._~%!$&'()*+,;=-]+)(?::\d{0,5})?$/;

/** Undefined for what no server can be asked. */
export function targetOf(head: RequestHead): Target | undefined {
  const { method, target } = head;
  if (target.includes("#")) return undefined;
  if (target.charCodeAt(0) === 0x2f) {
    return hostIsPlain(head) ? { target, host: undefined } : undefined;
  }
  if (target === "*") {
    return method === "OPTIONS" && hostIsPlain(head) ? { target, host: undefined } : undefined;
  }
  const [, authority, rest = ""] = ABSOLUTE.exec(target) ?? [];
  if (authority === undefined || !AUTHORITY.test(authority)) return undefined;
  // The target outranks Host, which a proxy has to write anew: section 3.2.2.
  // Without a path and a query it asks for the server as a whole: section 3.2.4.
  if (method === "OPTIONS" && rest === "") return { target: "*", host: authority };
  return { target: rest.startsWith("/") ? rest : `/${rest}`, host: authority };
}

/** An empty Host is what a client without an authority sends; anything but an authority is refused. */
function hostIsPlain({ fields }: RequestHead): boolean {
  const host = fieldValue(fields, "host");
  return host === undefined || host === "" || AUTHORITY.test(host);
}
