/** A golden file that cannot be read: path, line and what to write instead. */
export class GoldenError extends Error {
  readonly code = "bad-golden";
}
