/** Which requests go to a server, and what is said of the others. */
import type { Exchange, RequestHead } from "../http1/mod.ts";
import { upstreamName } from "../redirect/upstream.ts";
import type { Failure } from "./failure.ts";
import { endsHere } from "./max-forwards.ts";
import { cameBack } from "./via.ts";

/** Whether a request is for a server, if its target names something that a server can be asked. */
export function isForServer(head: RequestHead): boolean {
  return head.method !== "CONNECT" && !cameBack(head.fields) && !endsHere(head);
}

/** What is wrong with a request that goes to no server; undefined where it asks the proxy itself. */
export function refusalOf(exchange: Exchange): Failure | undefined {
  const { request, localAddress: host, localPort: port } = exchange;
  if (request.method === "CONNECT") {
    return { status: 405, reason: "CONNECT is not for this proxy" };
  }
  if (cameBack(request.fields)) {
    const own = upstreamName({ host, port });
    const reason =
      `the request came back to the proxy that had sent it, at ${own}: among its servers ` +
      "is this address or one that leads here; name another server";
    return { status: 508, reason };
  }
  if (endsHere(request)) return undefined;
  return { status: 400, reason: "the target is no path of a server's" };
}
