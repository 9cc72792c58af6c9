/** What makes the comparison of two runs doubtful, or is missing in it: lines for people. */
import type { Results, SetUpResult } from "./results.ts";

/** The figures of a run by workload and id: `proxy unequal/round-robin/bun`. */
type Figures = ReadonlyMap<string, SetUpResult>;

/** Another machine, another version, another load. */
export function otherConditions(current: Results, baseline: Results): string[] {
  const notes: string[] = [];
  const differs = (name: string, now: unknown, then: unknown) => {
    if (now !== then) notes.push(`the baseline had another ${name}: ${then}, now ${now}`);
  };
  differs("processor", current.environment.cpu, baseline.environment.cpu);
  differs("number of cores", current.environment.cores, baseline.environment.cores);
  differs("extent", current.extent, baseline.extent);
  differs("rate", current.rate, baseline.rate);
  for (const [name, version] of Object.entries(current.environment.versions)) {
    const then = Object.hasOwn(baseline.environment.versions, name)
      ? baseline.environment.versions[name]
      : version;
    differs(`version of ${name}`, version, then);
  }
  if (!baseline.complete) notes.push("the baseline is not complete");
  notes.push(...baseline.warnings.map((warning) => `the baseline says: ${warning}`));
  return notes;
}

/** What has the same id and is another thing: another URL, or with more connections. */
export function otherParameters(now: Figures, old: Figures): string[] {
  return [...now].flatMap(([what, setUp]) => {
    const before = old.get(what);
    if (!before) return [];
    const [ours, theirs] = [aboutOf(setUp), aboutOf(before)];
    return [...new Map([...theirs, ...ours]).keys()]
      .filter((name) => ours.get(name) !== theirs.get(name))
      .map((name) => {
        const [then, is] = [theirs, ours].map((about) => about.get(name) ?? "none");
        return `the baseline measured ${what} with another ${name}: ${then}, now ${is}`;
      });
  });
}

function aboutOf({ name, metric, parameters }: SetUpResult): Map<string, string | number> {
  return new Map([["name", name], ["metric", metric], ...Object.entries(parameters)]);
}

/** What only one of the two has a figure of. */
export function unmatched(now: Figures, old: Figures): string[] {
  const missing = [...now.keys()].filter((what) => !old.has(what));
  const gone = [...old.keys()].filter((what) => !now.has(what));
  return [
    ...missing.map((what) => `the baseline has no figure of ${what}`),
    ...gone.map((what) => `only the baseline has a figure of ${what}`),
  ];
}
