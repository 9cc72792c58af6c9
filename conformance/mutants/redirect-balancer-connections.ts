/** Balancers that break one rule in how they deal with connections. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../../src/net/mod.ts";
import type { TcpDriver, TcpHandler, TcpSocket } from "../../src/net/mod.ts";
import { balancerParts, startBalancer, upstreamName } from "../../src/redirect/mod.ts";
import type { BalancerOptions, Upstream } from "../../src/redirect/mod.ts";
import { atMost, Held, oneAtATime, passedOn } from "./driver.ts";
import { balancer, same } from "./redirect-balancer.ts";
import type { BalancerMutant } from "./types.ts";

/** Clients at once; cases that only count answers have four. */
const MOST_CLIENTS = 16;

/** Listens somewhere else after the second round: moving each second would be a race for clients. */
function moving(options: BalancerOptions) {
  let move = () => Promise.resolve();
  const driver: TcpDriver = {
    ...nodeTcp,
    async listen(at, accept) {
      let listener = await nodeTcp.listen(at, accept);
      move = async () => {
        move = () => Promise.resolve();
        const next = await nodeTcp.listen({ ...at, port: 0 }, accept);
        await listener.close();
        listener = next;
      };
      return { address: listener.address, port: listener.port, close: () => listener.close() };
    },
  };
  const schedule: typeof balancerParts.schedule = (intervalMs, run) =>
    balancerParts.schedule(intervalMs, () => void move().then(run));
  const settings = { ...options, driver };
  return startBalancer(settings, { ...balancerParts, schedule });
}

/** Listens at once: the first client is answered untested, the others wait for the first round. */
async function early(options: BalancerOptions) {
  let accept: ((socket: TcpSocket) => TcpHandler) | undefined;
  let waiting: (() => void)[] = [];
  let first = true;
  const listener = await nodeTcp.listen(options, (socket) => {
    const held = new Held();
    const serve = () => held.give((accept as (socket: TcpSocket) => TcpHandler)(socket));
    if (accept) serve();
    else waiting.push(serve);
    if (!first || accept) return held;
    first = false;
    return passedOn(() => held, (bytes) => {
      const target = /^GET (\/page\.html) HTTP\/1\.[01]\r\n.*\r\n\r\n$/s.exec(
        Buffer.from(bytes).toString(),
      )?.[1];
      if (!target || accept) return held.onData(bytes);
      firstAlive(options.upstreams).then((alive) => {
        if (!alive) return held.onData(bytes);
        socket.write(balancerParts.redirect(upstreamName(alive), target, false, false));
        socket.end();
      });
    });
  });
  const driver: TcpDriver = {
    ...nodeTcp,
    listen(_, given) {
      accept = given;
      for (const serve of waiting) serve();
      waiting = [];
      return Promise.resolve(listener);
    },
  };
  const settings = { ...options, driver };
  startBalancer(settings);
  return { ...listener, close: () => listener.close() };
}

async function firstAlive(upstreams: readonly Upstream[]): Promise<Upstream | undefined> {
  for (const upstream of upstreams) {
    const alive = await nodeTcp.connect(
      { ...upstream, timeoutMs: 1000 },
      () => ({ onData() {} }),
    ).then((socket) => socket.destroy() ?? true, () => false);
    if (alive) return upstream;
  }
  return undefined;
}

export const connectionMutants: readonly BalancerMutant[] = [
  {
    ...balancer(
      "probes-before-serving",
      "serves-first",
      "answers its first client before it has measured",
      same,
    ),
    start: early,
  },
  {
    ...balancer("keeps-address", "moves", "listens at another port after its second test", same),
    start: moving,
    port: "listening",
  },
  balancer(
    "silent-client",
    "waits-for-silent",
    "waits for a client's request before it takes the next client",
    same,
    oneAtATime("answered"),
  ),
  balancer(
    "concurrent",
    "sixteen-clients",
    `closes on a client that comes when ${MOST_CLIENTS} are there`,
    same,
    atMost(MOST_CLIENTS),
  ),
];
