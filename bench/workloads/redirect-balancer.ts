/** A balancer that ranks its servers by their capacities, or is none that can be measured. */
import process from "node:process";
import type { Runtime } from "../../src/net/mod.ts";
import { ProgramError } from "../lifetime.ts";
import type { Lifetime } from "../lifetime.ts";
import type { FileServer } from "../servers/start-file-server.ts";
import { redirectCounts } from "../servers/redirect-counts.ts";
import { addressOf, startRole } from "./own-servers.ts";
import type { MeasuredServer } from "./own-servers.ts";

export interface BalancerOrder {
  readonly runtime: Runtime;
  /** The fastest first. */
  readonly servers: readonly FileServer[];
  /** The file that they are ranked by. */
  readonly probePath: string;
  readonly seed: number;
}

/** A test during a measurement would change what is measured. */
const INTERVAL_S = 86_400;
/** With shares of 3:2:1 or 2:1 a ranking shows as it is, but for once in 10,000,000. */
const REDIRECTS = 1000;
const TRIES = 4;

/**
 * A process that was held up during its only performance test ranks its servers wrongly, and all that
 * is measured then is of another balancer than is told: it is started again.
 */
export async function startBalancer(life: Lifetime, order: BalancerOrder): Promise<MeasuredServer> {
  const { runtime, servers, probePath, seed } = order;
  // The slowest first: the first test meets a cold process, which must not cost a fast server its rank.
  const addresses = servers.map(addressOf).reverse();
  const options = ["--probe-path", probePath, "--interval", `${INTERVAL_S}`, "--seed", `${seed}`];
  for (let tries = 0; tries < TRIES; tries++) {
    const role = ["redirect", "balancer", ...addresses, ...options];
    const balancer = await startRole(life, runtime, role);
    if (await ranks(balancer, addresses)) return balancer;
    process.kill(balancer.pid);
  }
  throw new ProgramError(
    `the balancer on ${runtime} ranked its servers wrongly ${TRIES} times; is the machine busy?`,
  );
}

async function ranks({ url }: MeasuredServer, slowestFirst: readonly string[]): Promise<boolean> {
  const counts = await redirectCounts(url, REDIRECTS);
  const shares = slowestFirst.map((address) => counts.get(address) ?? 0);
  return shares.every((share, i) => i === 0 || share > (shares[i - 1] as number));
}
