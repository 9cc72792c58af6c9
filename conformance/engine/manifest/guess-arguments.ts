/** Whether a program seems to take arguments: those of the proxy lab name their file in their source. */

const READS_ARGUMENTS =
  /\bargv\b|\bDeno\.args\b|\bBun\.argv\b|\bargparse\b|\bparseArgs\b|\bgetopts?\b|\bclick\b|\$(?:[1-9@*]|\{[1-9@*])/;

/** By its source, in Python, JavaScript or a shell. */
export function readsArguments(source: string): boolean {
  return READS_ARGUMENTS.test(source);
}
