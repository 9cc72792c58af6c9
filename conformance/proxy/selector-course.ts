/** A selector under test, and what is seen of its file: what the selector's cases share. */
import type { RoleSpec } from "../engine/manifest/mod.ts";
import type { CaseContext, Started } from "../engine/run/context.ts";
import { roleOf } from "../engine/run/implementation.ts";
import { commandOf } from "../engine/run/start-role.ts";
import { CaseUnsupported } from "../engine/verdict.ts";
import { statePathFor } from "./state-path.ts";
import { StateWatch } from "./state-watch.ts";
import type { Rewrite } from "./state-watch.ts";

/** Of the manifest: its usual command, or the modes of the two published kinds. */
export type Kind = "run" | "random" | "history";

/** Seconds between two rewrites of the published scripts; of `run` the kind is not known. */
export const INTERVAL_S: Readonly<Record<Kind, number>> = { run: 1, random: 5, history: 1 };

/** The servers that programs of the lab have in their source. */
const LAB_SERVERS = ["172.28.1.11", "172.28.1.12"];

export interface SelectorCourse {
  readonly context: CaseContext;
  readonly kind: Kind;
  readonly listed: readonly string[];
  readonly path: string;
  readonly selector: Started;
  readonly watch: StateWatch;
}

/**
 * Starts the selector and watches its file from before.
 *
 * @param pace `waits` where rewrites may come as fast as they can be made to.
 */
export async function startSelector(
  context: CaseContext,
  kind: Kind,
  pace: { readonly waits: boolean },
): Promise<SelectorCourse> {
  const role = "selector";
  const spec = roleOf(context.implementation, role);
  if (!spec) throw new CaseUnsupported(`the implementation has no ${role}`);
  const mode = kind === "run" ? {} : { mode: kind };
  commandOf({ spec, role, ...mode });
  const path = await statePathFor(context, [role]);
  const listed = takesServers(spec) ? await twoServers(context) : LAB_SERVERS;
  const watch = new StateWatch({ path, listed, log: context.log });
  context.onEnd(() => Promise.resolve(watch.stop()));
  const selector = await context.startQuiet(role, {
    ...mode,
    ...pace,
    usualIntervalS: INTERVAL_S[kind],
    values: { state: path, servers: listed, seed: context.attempt.seed },
  });
  watch.intervalMs = selector.intervalMs;
  return { context, kind, listed, path, selector, watch };
}

function takesServers(spec: RoleSpec): boolean {
  return /\{servers(:\w+)?\}/.test(JSON.stringify(spec));
}

/** They answer, for selectors that look whether they do. */
async function twoServers(context: CaseContext): Promise<string[]> {
  const servers = await Promise.all(
    ["A", "B"].map((letter) =>
      context.standIn({
        name: `server ${letter}`,
        respond: ({ connection }) => {
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
          connection.end();
        },
      })
    ),
  );
  return servers.map(({ address }) => address);
}

/** The program has failed; one that has put itself into the background has not. */
function broke({ selector: { process } }: SelectorCourse): boolean {
  return process.exit !== null && process.exit.code !== 0;
}

/** How many rewrites are looked at. */
export interface Enough {
  readonly rewrites: number;
  /** Fewer are, where these take so many milliseconds; not fewer than `least`. */
  readonly budgetMs: number;
  readonly least: number;
  /** Milliseconds more than a round without a rewrite that are no end of them. */
  readonly quietMs?: number;
}

const START_MS = 15_000;

/** Looks until enough is seen, none comes any more, or `done` says that more would change nothing. */
export async function watchRewrites(
  course: SelectorCourse,
  enough: Enough,
  done: () => boolean = () => false,
): Promise<readonly Rewrite[]> {
  const { watch, selector } = course;
  const beganMs = performance.now();
  const isDone = () => {
    const count = watch.rewrites.length;
    const late = performance.now() - beganMs > enough.budgetMs;
    return done() || broke(course) || count >= enough.rewrites || late && count >= enough.least;
  };
  await watch.until(isDone, START_MS + selector.roundMs + (enough.quietMs ?? 0));
  return watch.rewrites;
}

/** The servers in the order of their rewrites, `A B A`, with a bar where one may be missing. */
export function sequenceText({ listed }: SelectorCourse, rewrites: readonly Rewrite[]): string {
  const letters = rewrites.map(({ index, afterGap }, i) =>
    `${afterGap && i > 0 ? "| " : ""}${index < 0 ? "?" : String.fromCharCode(65 + index)}`
  );
  const names = listed.map((address, i) => `${String.fromCharCode(65 + i)} is ${address}`);
  return `${letters.join(" ") || "nothing was written"}; ${names.join(", ")}`;
}

/** What a case says that it did. */
export function sentText({ selector, path, kind }: SelectorCourse): string {
  const clock = selector.warped ? ", its clock 60 times as fast" : "";
  const command = selector.process.argv.join(" ");
  return `started ${kind === "run" ? "the selector" : `mode ${kind}`}: ${command}${clock}\n` +
    `and looked at ${path}`;
}
