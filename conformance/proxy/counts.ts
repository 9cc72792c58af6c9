/** Cases of proxy.proxy.counts: what the proxy says that each server got, against what they did get. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Case } from "../engine/case.ts";
import { expandText } from "../engine/manifest/mod.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { CaseUnsupported } from "../engine/verdict.ts";
import { ask, getRequest, startCourse, startServer } from "./course.ts";
import type { Course } from "./course.ts";
import { plainAddress } from "./state-watch.ts";
import { CHANGE_MS, expectServer, FORWARDS, steer } from "./steering-asks.ts";
import { countsInJson, countsInText } from "./usage-counts.ts";
import type { UsageCounts } from "./usage-counts.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

const COUNTS = "proxy.proxy.counts";
const FOLLOWS = "proxy.proxy.follows-file";
const NEW = "proxy.proxy.new-address";
const FILE_MISSING = "proxy.proxy.file-missing";

/** The published proxy prints its counts every 5 s; two rounds of that, and a busy machine. */
const PRINTED_MS = 12_000;
const LOOK_AGAIN_MS = 250;

async function readCounts(course: Course): Promise<{ counts: UsageCounts; text: string }> {
  const { context, proxy } = course;
  const results = roleOf(context.implementation, "proxy")?.results;
  const text = results?.url !== undefined
    ? await fetched(expandText(results.url, proxy.values, "proxy"))
    : results?.file !== undefined
    ? written(join(proxy.cwd, expandText(results.file, proxy.values, "proxy")))
    : proxy.process.output().stdout;
  const inJson = countsInJson(parsed(text));
  return { counts: inJson.size > 0 ? inJson : countsInText(text), text };
}

function written(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

async function fetched(url: string): Promise<string> {
  try {
    const headers = { accept: "application/json, text/plain" };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PRINTED_MS) });
    return await response.text();
  } catch {
    return "";
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with the counts; undefined for nothing. */
function countsFault(counts: UsageCounts, servers: readonly UpstreamStandIn[]): string | undefined {
  if (counts.size === 0) return "no usage counts are to be found";
  if (counts.has("")) return `${counts.get("")} requests are counted under an empty address`;
  for (const { name, address, requests } of servers) {
    const count = counts.get(plainAddress(address)) ?? 0;
    if (count !== requests.length) {
      return `${count} requests are counted for ${name}, which received ${requests.length}`;
    }
  }
  return undefined;
}

/** Until they are right, or have had their time: they are printed some time after. */
async function expectCounts(course: Course): Promise<string> {
  const until = performance.now() + PRINTED_MS;
  for (;;) {
    const { counts, text } = await readCounts(course);
    const fault = countsFault(counts, course.servers);
    const received = course.servers.map(({ name, requests }) => `${name} ${requests.length}`);
    if (!fault) return received.join(", ");
    if (performance.now() > until) {
      throw course.context.failure(fault, {
        sent: `requests, of which the servers received: ${received.join(", ")}`,
        expected: course.servers.map(({ address, requests }) =>
          `${address}: ${requests.length} requests`
        ).join("\n"),
        actual: text.trim().slice(-3000) || "nothing",
      });
    }
    await delay(LOOK_AGAIN_MS);
  }
}

const REQUESTS = { first: 7, second: 5, empty: 3 };

async function countsAreRight(context: CaseContext): Promise<string> {
  const course = await startCourse(context);
  const [first, second] = course.servers as [UpstreamStandIn, UpstreamStandIn];
  for (let i = 0; i < REQUESTS.first; i++) {
    await expectServer(course, first, `/first-${i}.`, "with the file as at the start");
  }
  course.state.write("", "in-place");
  await delay(CHANGE_MS);
  // Whatever they are answered: the rule of bad files judges that.
  for (let i = 0; i < REQUESTS.empty; i++) await ask(course, getRequest(course, `/empty-${i}.`));
  await steer(course, second);
  for (let i = 0; i < REQUESTS.second; i++) {
    await expectServer(course, second, `/second-${i}.`, `after the file named ${second.name}`);
  }
  return await expectCounts(course);
}

async function newIsCounted(context: CaseContext): Promise<string> {
  if (!context.implementation.manifest.claims?.includes(COUNTS)) {
    throw new CaseUnsupported(`${COUNTS} is optional, and not claimed in the manifest`);
  }
  const course = await startCourse(context);
  const third = await startServer(context, "server C, not listed");
  const all = { ...course, servers: [...course.servers, third] };
  await steer(all, third);
  for (let i = 0; i < REQUESTS.first; i++) {
    await expectServer(all, third, `/third-${i}.`, `after the file named ${third.name}`);
  }
  return await expectCounts(all);
}

export const countsCases: readonly Case[] = [
  {
    id: `${NEW}/counted`,
    rule: NEW,
    title: "A server that was never listed is counted",
    needs: [FORWARDS, FOLLOWS],
    slow: true,
    timed: true,
    run: newIsCounted,
  },
  {
    id: COUNTS,
    rule: COUNTS,
    title: "The usage counts are what the servers received, none of them without an address",
    needs: [FORWARDS, FOLLOWS, FILE_MISSING],
    slow: true,
    timed: true,
    run: countsAreRight,
  },
];
