/**
 * The environment of a program under test: the suite's, without what would change the program or
 * leak to it.
 */

/** The variable that marks every process of a case, however often it forks. */
export const CASE_VARIABLE = "STEELYARD_CASE";

/**
 * A proxy would catch the requests of a client under test; runtime options are meant for the suite;
 * an outer libfaketime would warp programs that are to run unwarped; and secrets of the host are
 * none of a stranger's program's business.
 */
const LEFT_OUT = [
  /^(https?|ftp|all|no)_proxy$/i,
  /^npm_|^(node|bun|deno)_(options|channel|unique|v8_flags)/i,
  /^(ld_preload|faketime|dont_fake_monotonic)/i,
  /(token|secret|passw(or)?d|credential|api_?key|private_?key|auth_sock)/i,
];

export function programEnvironment(
  mark: string,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name, value]) =>
    value !== undefined && !LEFT_OUT.some((pattern) => pattern.test(name))
  ) as [string, string][];
  return {
    ...Object.fromEntries(inherited),
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ...own,
    [CASE_VARIABLE]: mark,
  };
}
