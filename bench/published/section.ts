/** A published table beside ours in the same layout. */
import type { Grid } from "../report/grid.ts";

export interface PublishedSection {
  readonly title: string;
  /** What may be said of the two side by side. */
  readonly note: string;
  /** As published, of other machines. */
  readonly published: readonly Grid[];
  /** Empty where this run has not measured it. */
  readonly ours: readonly Grid[];
}
