/**
 * What can go wrong with a program under test: one class with a code, and the two that callers
 * catch by name.
 */

export type ProcessErrorCode =
  | "not-found"
  | "not-executable"
  | "failed"
  | "not-listening"
  | "survived"
  | "no-ports"
  | "copy";

export class ProcessError extends Error {
  override readonly name: string = "ProcessError";
  readonly code: ProcessErrorCode;

  constructor(code: ProcessErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The program could not be started at all. */
export class LaunchError extends ProcessError {
  override readonly name = "LaunchError";
  declare readonly code: "not-found" | "not-executable" | "failed";

  constructor(code: "not-found" | "not-executable" | "failed", message: string) {
    super(code, message);
  }
}

/**
 * The program started, and never listened where it had to; the message ends with what it printed.
 */
export class NotListening extends ProcessError {
  override readonly name = "NotListening";

  constructor(message: string) {
    super("not-listening", message);
  }
}
