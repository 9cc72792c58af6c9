/** What became of one request. */
import type { Mismatch } from "../model.ts";

/** A right answer that came whole. */
export interface Right {
  readonly kind: "right";
  /** Body bytes that were verified: none of a redirect. */
  readonly bytes: number;
  /** `X-Server`. */
  readonly server: string | undefined;
  readonly location: string | undefined;
  /** The connection can be asked again. */
  readonly reusable: boolean;
}

export interface Failed {
  readonly kind: "failed";
  /**
   * `refused`, `reset`, `closed`, `malformed`, `status N`, `wrong location`; `truncated` where a part of
   * the answer came, which a reset cuts off as an end does if it is a part of the body.
   */
  readonly why: string;
  /** No byte of an answer came. */
  readonly silent: boolean;
  readonly reusable: boolean;
}

/** A body that came as if whole, and is another one. */
export interface Wrong {
  readonly kind: "wrong";
  readonly mismatch: Omit<Mismatch, "url">;
  readonly reusable: boolean;
}

export type Outcome = Right | Failed | Wrong;

/** The connection was lost, or nothing can be made of what came on it. */
export function lost(why: string, silent = false): Failed {
  return { kind: "failed", why, silent, reusable: false };
}
