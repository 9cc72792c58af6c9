/** What a right answer to one request is, and the answers that are known to be one. */
import { KnownAnswers } from "./known-answers.ts";
import type { Expectation } from "./plan.ts";
import type { ReferenceBodies, ReferenceBody } from "./reference-body.ts";

export type Wanted =
  | { readonly kind: "body"; readonly known: KnownAnswers; readonly reference: ReferenceBody }
  /** Without locations, to wherever it leads. */
  | {
    readonly kind: "redirect";
    readonly known: KnownAnswers;
    readonly locations: ReadonlySet<string> | undefined;
  };

export function wanted(expect: Expectation, bodies: ReferenceBodies): Wanted {
  const known = new KnownAnswers();
  if (expect.kind === "redirect") {
    return { kind: "redirect", known, locations: new Set(expect.locations) };
  }
  return { kind: "body", known, reference: bodies.get(expect.sha256, expect.bytes) };
}

export function anyRedirect(): Wanted {
  return { kind: "redirect", known: new KnownAnswers(), locations: undefined };
}
