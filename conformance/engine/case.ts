/** What a rule and a case are. Rules are data; a case is a rule, or a variant of one. */
import type { CaseContext } from "./run/context.ts";
import type { Implementation } from "./run/implementation.ts";
import type { Level } from "./verdict.ts";

export interface Rule {
  /** `redirect.server.404`. */
  readonly id: string;
  readonly role: string;
  readonly level: Level;
  /** What must hold, in a sentence. */
  readonly text: string;
  /** How it is seen on the wire. */
  readonly observed: string;
  /** Why the rule stands where the source is silent. */
  readonly mark?: "expected" | "security";
  /** Where the rule comes from. */
  readonly source: string;
}

export interface Case {
  /** The rule's id, or `RULE/VARIANT`. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  /** The golden file that holds the exchange, relative to the package's root. */
  readonly golden?: string;
  /** Rules that must not have failed, else this case is blocked; a MUST names only MUSTs. */
  readonly needs?: readonly string[];
  /** Judged by the clock: a failure is confirmed by a second run with nothing beside it. */
  readonly timed?: boolean;
  /** Roles of the implementation that the case starts besides the rule's own. */
  readonly roles?: readonly string[];
  /** The case has the program wait for its own interval. */
  readonly waits?: boolean;
  /** Takes seconds even where all is well: begun before the others, so that a run ends sooner. */
  readonly slow?: boolean;
  /** A statistical case: the chance, at most, to fail an implementation that just meets the rule. */
  readonly falseAlarm?: number;
  /** Milliseconds that the case may take, where that is more than usual. */
  readonly limitMs?: number;
  /** Returns for a pass (with a message where there is more to say); throws a CaseFailure. */
  run(context: CaseContext): Promise<string | void>;
}

export interface Suite {
  readonly system: string;
  readonly rules: readonly Rule[];
  readonly cases: readonly Case[];
  /**
   * Waits until a case may run, where the programs of this implementation cannot run beside one
   * another; the function it gives lets the next one go on. No part of the case's time.
   */
  turn?(implementation: Implementation): Promise<() => void> | undefined;
}
