/** What a right answer to one request is, and the answers that are known to be one. */
import { KnownAnswers } from "./known-answers.ts";
import type { Expectation } from "./plan.ts";
import type { ReferenceBodies, ReferenceBody } from "./reference-body.ts";

export interface Wanted {
  readonly known: KnownAnswers;
  /** The body; undefined where a redirect is wanted. */
  readonly reference?: ReferenceBody;
  /** Where a redirect may lead; undefined where it may lead anywhere. */
  readonly locations?: ReadonlySet<string>;
}

export function wanted(expect: Expectation, bodies: ReferenceBodies): Wanted {
  const known = new KnownAnswers();
  if (expect.kind === "redirect") return { known, locations: new Set(expect.locations) };
  return { known, reference: bodies.get(expect.sha256, expect.bytes) };
}

export function anyRedirect(): Wanted {
  return { known: new KnownAnswers() };
}
