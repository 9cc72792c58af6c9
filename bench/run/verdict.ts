/** What won in each group and by how much, in a sentence; what cannot be told apart shares its place. */
import { capital } from "../report/text.ts";
import type { ComparisonResult, SetUpResult } from "../results.ts";
import { LEAST_ROUNDS } from "../statistics.ts";
import { held } from "./compare.ts";
import type { Held } from "./compare.ts";
import { factorOf, isHigherBetter, nameOf } from "./sentences.ts";
import { showValue } from "./show-value.ts";

export function workloadSentence(
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): string {
  const groups = [...new Set(setUps.map(({ group }) => group))];
  const said = groups.map((group) => {
    const own = setUps.filter((setUp) => setUp.group === group);
    return verdictSentence(groupVerdict(group, own, comparisons));
  });
  return said.filter((sentence) => sentence !== "").join(" ") || "Nothing was measured.";
}

/** A rival of the best: how often the better figure is the lesser one, above 1. */
export interface Behind {
  readonly name: string;
  /** `2.31 times` */
  readonly factor: string;
  /** `(2.20..2.42)`; empty where too few pairs count. */
  readonly interval: string;
}

/** What may be said of a group, before it is a sentence. */
export interface GroupVerdict {
  readonly group: string;
  /**
   * `first`: one is ahead of all others; `tied`: several cannot be told apart at the head; `few`: the
   * best figure of too few rounds; `alone`: there is but one with a figure; `none`: there is no figure.
   */
  readonly kind: "first" | "tied" | "few" | "alone" | "none";
  /** The best first; several where tied. */
  readonly leaders: readonly string[];
  /** The best figure, with its unit. */
  readonly value: string;
  /** Rounds of the best that count. */
  readonly rounds: number;
  /** Its nearest rival, and the farthest where there are several. */
  readonly behind: readonly Behind[];
  /** Whether the figure is a rate, not a time. */
  readonly isRate: boolean;
  /** Of these there is no figure, since the load generator was the limit. */
  readonly limited: readonly string[];
  /** Of these neither, since too many requests of an open loop failed. */
  readonly unanswered: readonly string[];
}

type Call = (setUp: SetUpResult) => string;

/** `setUps` are those of the group. */
export function groupVerdict(
  group: string,
  setUps: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): GroupVerdict {
  const limited = setUps.filter(({ clientLimited }) => clientLimited).map(nameOf);
  const unanswered = setUps.filter(({ clientLimited, bound }) => !clientLimited && bound !== null)
    .map(nameOf);
  const [best, ...others] = ranking(setUps);
  const nothing = {
    group,
    limited,
    unanswered,
    leaders: [],
    value: "",
    rounds: 0,
    behind: [],
    isRate: true,
  };
  if (!best?.value) return { ...nothing, kind: "none" };
  const several = new Set(setUps.map(({ runtime }) => runtime)).size > 1;
  const call: Call = several ? nameOf : ({ name }) => name;
  const alone = {
    ...nothing,
    leaders: [call(best)],
    value: showValue(best.metric, best.value.median),
    rounds: best.rounds.filter(({ value }) => value !== null).length,
    isRate: isHigherBetter(best),
  };
  if (others.length === 0) return { ...alone, kind: "alone" };
  if (alone.rounds < LEAST_ROUNDS) return { ...alone, kind: "few" };
  const tied = others.filter((other) => !held(best, other).significant);
  const rivals = rivalsOf(best, others, comparisons).filter((rival) => !tied.includes(rival));
  return {
    ...alone,
    kind: tied.length === 0 ? "first" : "tied",
    leaders: [best, ...tied].map(call),
    behind: ends(rivals).flatMap((rival) => behindOf(best, rival, call)),
  };
}

/** Empty where nothing can be said. */
export function verdictSentence(verdict: GroupVerdict): string {
  const text = verdictText(verdict);
  return text === "" ? "" : `${capital(verdict.group)}: ${text}`;
}

/** The same, for where the group's name stands above it. */
export function verdictText(verdict: GroupVerdict): string {
  const { kind, leaders, value, rounds, limited, unanswered } = verdict;
  const aside = [
    [limited, "the load generator was the limit"] as const,
    [unanswered, "too many requests were not answered in time or failed"] as const,
  ].flatMap(([names, why]) =>
    names.length === 0 ? [] : [`Of ${listed(names)} no figure is given: ${why}.`]
  );
  if (kind === "none") return aside.join(" ");
  const said = {
    alone: `${leaders[0]} came to ${value}`,
    few:
      `${leaders[0]} had the best figure, ${value}, in ${rounds} of the ${LEAST_ROUNDS} rounds ` +
      `that a verdict needs`,
    first: `${leaders[0]} came first with ${value}`,
    tied: `${listed(leaders)} cannot be told apart at the head with up to ${value}`,
  }[kind];
  const beginning = aside.length > 0 ? "of those with a figure " : "";
  return [`${beginning}${said}${margin(verdict)}.`, ...aside].join(" ");
}

/** The first and the last of several. */
function ends<T>(items: readonly T[]): T[] {
  return items.filter((_, i) => i === 0 || i === items.length - 1);
}

/** What the best is held against: what is not balanced, else peers, else whatever it was compared with. */
function rivalsOf(
  best: SetUpResult,
  others: readonly SetUpResult[],
  comparisons: readonly ComparisonResult[],
): SetUpResult[] {
  const own = comparisons.filter(({ setUp, to }) => setUp === best.id || to === best.id);
  const kind = own.find((one) => one.kind === "balance") ??
    own.find((one) => one.kind === "peer") ??
    own[0];
  const ids = new Set(
    own.filter((one) => one.kind === kind?.kind).flatMap(({ setUp, to }) => [setUp, to]),
  );
  return others.filter(({ id }) => ids.has(id));
}

function margin({ behind, isRate }: GroupVerdict): string {
  const told = behind.map(({ name, factor, interval }) => {
    const times = interval === "" ? factor : `${factor} ${interval}`;
    return isRate ? `${times} what ${name} did` : `${name} took ${times} as long`;
  });
  return told.length === 0 ? "" : `${isRate ? "," : ";"} ${told.join(", ")}`;
}

/** A rate of the best over the rival's, a time of the rival over the best's. */
function behindOf(best: SetUpResult, rival: SetUpResult, call: Call): Behind[] {
  const { ratio, pairs }: Held = isHigherBetter(best) ? held(best, rival) : held(rival, best);
  return ratio ? [{ name: call(rival), ...factorOf(ratio, pairs) }] : [];
}

/** Those with a figure of their own, the best first. */
export function ranking(setUps: readonly SetUpResult[]): SetUpResult[] {
  const measured = setUps.filter(({ value }) => value);
  const medianOf = ({ value }: SetUpResult) => value?.median ?? NaN;
  return measured.sort((a, b) =>
    isHigherBetter(a) ? medianOf(b) - medianOf(a) : medianOf(a) - medianOf(b)
  );
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
