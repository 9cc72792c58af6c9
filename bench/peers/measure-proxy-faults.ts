/** Our proxy over failing servers: what its clients are told, and what grows in it meanwhile. */
import type { Lifetime } from "../lifetime.ts";
import { askThrough, descriptorsOf, startFaultyServers } from "./faults.ts";
import type { Outcomes } from "./faults.ts";
import { memoryOf } from "./memory.ts";
import type { Options } from "./options.ts";
import { ownCommand, startOwn } from "./servers.ts";

const BLOCKS = 5;
const REQUESTS_PER_BLOCK = 2000;
const AT_ONCE = 50;
const MEGABYTE = 1e6;

/** A connection that served is kept for four seconds at most. */
const SETTLE_MS = 6000;

/** Answers that are wrong. */
export class FaultError extends Error {
  readonly code = "fault";
}

export interface Block extends Outcomes {
  readonly rssBytes: number;
  /** Open after the block, when idle connections have been given up. */
  readonly descriptors: number;
}

export async function measureProxyFaults(life: Lifetime, options: Options) {
  const found: Record<string, Block[]> = {};
  for (const runtime of options.runtimes) {
    console.log(`\n${runtime}: ${BLOCKS} times ${REQUESTS_PER_BLOCK} requests, ${AT_ONCE} at once`);
    found[runtime] = await measureOne(life, runtime);
  }
  const wrong = Object.values(found).flat().flatMap((block) => block.wrong);
  if (wrong.length > 0) {
    throw new FaultError(`${wrong.length} wrong answers, the first: ${wrong[0]}`);
  }
  return found;
}

async function measureOne(life: Lifetime, runtime: Options["runtimes"][number]): Promise<Block[]> {
  const servers = await startFaultyServers();
  const args = ["run", "proxy", "proxy", ...servers.addresses, "--strategy", "round-robin"];
  // No rest after a failure, so that failures do not become rare.
  args.push("--rest", "0", "--timeout", "0.3", "--log", "none");
  const { url, process } = await startOwn(life, runtime, ownCommand(runtime, undefined, args));
  const port = Number(new URL(url).port);
  const pid = process.pid as number;
  const blocks: Block[] = [];
  for (let i = 0; i < BLOCKS; i++) {
    const outcomes = await askThrough(port, REQUESTS_PER_BLOCK, AT_ONCE);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const block = {
      ...outcomes,
      rssBytes: memoryOf(pid).rssBytes,
      descriptors: descriptorsOf(pid),
    };
    blocks.push(block);
    const { right, refused, broken, wrong, rssBytes, descriptors } = block;
    console.log(
      `  ${right} right, ${refused} refused by 502 to 504, ${broken} broken off, ` +
        `${wrong.length} wrong; ${(rssBytes / MEGABYTE).toFixed(1)} MB, ${descriptors} descriptors`,
    );
  }
  process.kill();
  await servers.close();
  return blocks;
}
