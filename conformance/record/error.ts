/** What stops a recording: the program's own doing, or something that no golden can say. */

/**
 * `varies`: two recordings differ in what a golden states exactly; `unreachable`: no connection;
 * `not-http`: an answer that cannot be read; `no-target`: a role that cannot be recorded;
 * `no-fit`: the golden as written does not fit what was recorded.
 */
export type RecordErrorCode = "varies" | "unreachable" | "not-http" | "no-target" | "no-fit";

export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly code: RecordErrorCode;

  constructor(code: RecordErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
