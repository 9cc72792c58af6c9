/**
 * The arguments that an MDALP client's source seems to take.
 *
 * Source: spec mdalp: the published client's `-a ADDRESS -p PORT -f FILE`, and `-m 2 -s N` for one receiver.
 */

/** Spellings of each flag, in the published order. */
const FLAGS: readonly (readonly [template: string, spellings: readonly string[]])[] = [
  ["{orchestrator}", ["-a", "--address", "--addr", "--orchestrator", "--host", "--ip"]],
  ["{port}", ["-p", "--port"]],
  ["{file}", ["-f", "--file", "--payload"]],
];

/** A flag as a whole string, such as "-f" or '--file': one in a usage line does not count. */
const QUOTED_FLAG = /(["'])(--?[a-z][\w-]*)\1/gi;

/** getopt's short options that have a value, such as those of "ha:p:f:v". */
const SHORT_OPTIONS = /\bgetopt\w*\s*\([^"']*(["'])([a-z:]+)\1/gi;

/** The short name in an option of `parseArgs` (node:util). */
const SHORT_NAME = /\bshort\s*:\s*(["'])([a-z])\1/gi;

const READS_ARGV = /\bargv\b|\bDeno\.args\b/;

function flagsIn(source: string): Set<string> {
  const flags = new Set(Array.from(source.matchAll(QUOTED_FLAG), (match) => match[2]!));
  for (const [, , letter] of source.matchAll(SHORT_NAME)) flags.add(`-${letter}`);
  for (const [, , options] of source.matchAll(SHORT_OPTIONS)) {
    for (const [, letter] of options!.matchAll(/([a-z]):/gi)) flags.add(`-${letter}`);
  }
  return flags;
}

/**
 * Templates in the order in which they are given, or undefined when the source does not tell.
 *
 * A flag for the file is what tells: `-a` and `-p` are flags of other programs too, such as ping.
 */
export function clientArgumentsIn(source: string): string[] | undefined {
  const flags = flagsIn(source);
  const found = FLAGS.flatMap(([template, spellings]) => {
    const flag = spellings.find((spelling) => flags.has(spelling));
    return flag === undefined ? [] : [flag, template];
  });
  if (found.includes("{file}")) return found;
  const isParsed = source.includes("add_argument(");
  if (isParsed && found.length > 0) return [...found, "{file}"];
  if (isParsed || READS_ARGV.test(source)) return FLAGS.map(([template]) => template);
  return undefined;
}

/** What follows the arguments to send all to one receiver, where modes are chosen as in the published client. */
export function singleModeIn(source: string): string[] | undefined {
  const flags = flagsIn(source);
  const isPublished = flags.has("-m") && flags.has("-s") &&
    /choices\s*=\s*[[(]\s*1\s*,\s*2\s*[\])]/.test(source);
  return isPublished ? ["-m", "2", "-s", "{id}"] : undefined;
}
