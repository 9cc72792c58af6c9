/** A transfer that cannot be done, or was stopped. */
export class TransferError extends Error {
  readonly code: "empty" | "no-plan" | "bad-plan" | "no-such-receiver" | "stopped";

  constructor(code: TransferError["code"], message: string) {
    super(message);
    this.name = "TransferError";
    this.code = code;
  }
}
