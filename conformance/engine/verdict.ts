/**
 * Verdicts: what a case says of an implementation, and the evidence for it.
 *
 * Source: DESIGN, "Verdicts". The union makes a failure without evidence impossible.
 */

/** How strongly a rule binds. */
export type Level = "MUST" | "SHOULD" | "MAY";

export const VERDICTS = [
  "pass",
  "fail",
  "optional-fail",
  "unsupported",
  "blocked",
  "skipped",
  "error",
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** What a failing case shows. All three are text with bytes escaped as in golden files. */
export interface Evidence {
  /** What the suite sent or did. */
  readonly sent: string;
  /** What had to come back, one allowed outcome a line or block. */
  readonly expected: string;
  /** What came. */
  readonly actual: string;
}

/** The outcome of running one case once. */
export type Outcome =
  | { readonly kind: "pass"; readonly message: string }
  | { readonly kind: "fail"; readonly message: string; readonly evidence: Evidence }
  | { readonly kind: "unsupported"; readonly message: string }
  | { readonly kind: "blocked"; readonly message: string }
  | { readonly kind: "skipped"; readonly message: string }
  | { readonly kind: "error"; readonly message: string };

/** A case that failed: thrown by cases, turned into an outcome by the runner. */
export class CaseFailure extends Error {
  readonly evidence: Evidence;

  constructor(message: string, evidence: Evidence) {
    super(message);
    this.name = "CaseFailure";
    this.evidence = evidence;
  }
}

/** A case that cannot run here, for want of a tool or by choice; the message names it. */
export class CaseSkipped extends Error {
  override readonly name = "CaseSkipped";
}

/** A case whose feature this implementation does not have. */
export class CaseUnsupported extends Error {
  override readonly name = "CaseUnsupported";
}

/** A case that says nothing, since what it stands on has failed; the message names the rule. */
export class CaseBlocked extends Error {
  override readonly name = "CaseBlocked";
}
