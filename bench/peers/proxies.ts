/** The peers as proxies, as fast as their settings let them be. */
import type { Lifetime } from "../lifetime.ts";
import { startHaproxy, startNginx } from "./servers.ts";
import type { Server } from "./servers.ts";

/** nginx before servers at `HOST:PORT`, round robin. */
export function startNginxProxy(life: Lifetime, addresses: readonly string[]): Promise<Server> {
  const servers = addresses.map((address) => `server ${address};`).join(" ");
  const location = "location / { proxy_pass http://upstreams; proxy_http_version 1.1; " +
    'proxy_set_header Connection ""; }';
  // One connection for each of the load's, and none of them given up during a round.
  const kept = "keepalive 64; keepalive_requests 1000000000;";
  return startNginx(life, location, `upstream upstreams { ${servers} ${kept} }`);
}

/** HAProxy before servers at `HOST:PORT`, round robin. */
export function startHaproxyProxy(life: Lifetime, addresses: readonly string[]): Promise<Server> {
  const servers = addresses.map((address, i) => `server s${i} ${address}`);
  return startHaproxy(life, ["default_backend servers"], [
    "backend servers",
    "balance roundrobin",
    "http-reuse always",
    ...servers,
  ]);
}
