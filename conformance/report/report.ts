/**
 * The report: one object for an implementation and a system, in schema `steelyard/report/1`.
 * Every output format is made from this and nothing else.
 *
 * Source: DESIGN, "Report".
 */
import type { Level, Verdict } from "../engine/verdict.ts";

/** One case and its verdict. Texts are escaped as in golden files and cut at 64 KiB. */
export interface CaseReport {
  id: string;
  rule: string;
  role: string;
  level: Level;
  title: string;
  verdict: Verdict;
  /** Wall time in milliseconds. */
  durationMs: number;
  /** One sentence; empty for a plain pass. */
  message: string;
  /** What the suite sent, or null when there is nothing to show. */
  sent: string | null;
  expected: string | null;
  actual: string | null;
  /** A shell command that runs this case alone. */
  reproduce: string;
  /** The path of a capture of this case, or null. */
  trace: string | null;
  /** Where the rule comes from: a spec page, an assignment, an RFC section. */
  source: string;
}

export interface Report {
  schema: "steelyard/report/1";
  system: string;
  implementation: { name: string; digest: string; manifest: string };
  suite: { version: string; digest: string };
  host: {
    runtime: string;
    runtimeVersion: string;
    os: string;
    cpu: string;
    cores: number;
    isolation: "bwrap" | "none";
  };
  seed: number;
  /** ISO 8601, UTC. */
  started: string;
  durationMs: number;
  /** Cases by verdict. */
  summary: Record<Verdict, number>;
  /** null where a skipped case or a harness error leaves it open. */
  conforms: boolean | null;
  cases: CaseReport[];
}
