/** The scripts of the lab's report, out of the report as converted to text. */
import { REPAIRS, SCRIPTS } from "./repairs.ts";
import type { ScriptName } from "./repairs.ts";

export type Scripts = Readonly<Record<ScriptName, string>>;

/** The document is not the one that the repairs are for. */
export class UnknownDocument extends Error {
  readonly code = "unknown-document";

  constructor(problem: string) {
    super(`this is not the document of the lab as it is known here: ${problem}`);
  }
}

/**
 * The text of each script, repaired.
 *
 * @throws {UnknownDocument} when an appendix is missing, is in other pieces, or a repair does not fit.
 */
export function extractScripts(document: string): Scripts {
  const text = document.replaceAll("\r\n", "\n");
  const scripts = SCRIPTS.map(({ name, heading, pieces }) => {
    const found = codeBlocks(appendix(text, heading));
    if (found.length !== pieces) {
      throw new UnknownDocument(
        `"${heading}" has ${found.length} code blocks, and ${pieces} were expected`,
      );
    }
    return [name, repaired(name, found.join(""))] as const;
  });
  return Object.fromEntries(scripts) as Scripts;
}

/** What stands between a heading and the next appendix. */
function appendix(text: string, heading: string): string {
  const parts = text.split(/^(Appendix-\d+: .*)\n/m);
  const at = parts.indexOf(heading);
  if (at === -1) throw new UnknownDocument(`it has no line "${heading}"`);
  return parts[at + 1]!;
}

function codeBlocks(text: string): string[] {
  return Array.from(text.matchAll(/^```\n([\s\S]*?)^```$/gm), (match) => match[1]!);
}

function repaired(script: ScriptName, text: string): string {
  return REPAIRS.filter((repair) => repair.script === script).reduce((before, repair) => {
    const { find, put, places, reason } = repair;
    const count = [...before.matchAll(find)].length;
    if (count === 1 || (count > 1 && places === "some")) return before.replace(find, put);
    throw new UnknownDocument(
      `${script}: ${reason}: this was to be repaired in ${places} place and is found in ${count}`,
    );
  }, text);
}
