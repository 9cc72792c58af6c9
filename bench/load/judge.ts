/** Whether an answer that has come whole is the one that is wanted. */
import { fieldValue, keepsAlive } from "../../src/http1/mod.ts";
import type { ResponseHead } from "../../src/http1/mod.ts";
import type { BodyCheck } from "./body-check.ts";
import type { Outcome } from "./outcome.ts";
import type { Wanted } from "./wanted.ts";

/** `check` has taken the body where one is wanted and the status is 200. */
export function judge(head: ResponseHead, wanted: Wanted, check: BodyCheck | undefined): Outcome {
  const { reference, locations } = wanted;
  const reusable = keepsAlive(head);
  const failed = (why: string): Outcome => ({ kind: "failed", why, silent: false, reusable });
  if (head.status !== (reference ? 200 : 301)) return failed(`status ${head.status}`);
  const mismatch = check?.end();
  if (mismatch) return { kind: "wrong", mismatch, reusable };
  const location = fieldValue(head.fields, "location");
  if (!reference && location === undefined) return failed("wrong location");
  if (locations && !locations.has(location as string)) return failed("wrong location");
  return {
    kind: "right",
    bytes: reference?.bytes ?? 0,
    server: fieldValue(head.fields, "x-server"),
    location,
    reusable,
  };
}
