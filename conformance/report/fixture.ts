/** Reports with every verdict, and with text that no format may take for its own syntax. */
import type { Verdict } from "../engine/verdict.ts";
import type { CaseReport, Report } from "./report.ts";
import { conformsOf, summarise } from "./summary.ts";

/** Ends or begins something in XML, HTML, Markdown, TAP, YAML, a terminal; and characters of every length. */
export const HOSTILE = [
  "]]> <!-- </script><img src=x onerror=alert(1)> & \" ' </pre>",
  "``` ```` ````` `tick` | pipe | *star*",
  "# TODO # SKIP \\ not ok 1",
  "...",
  "---",
  "esc \x1b[31m nul \x00 bell \x07 cr \r tab \t del \x7f csi \x9b31m",
  "bidi \u202e line \u2028 half \ud83d last \uffff",
  "é € \u{1f40e}",
].join("\n");

export function makeCase(changes: Partial<CaseReport> = {}): CaseReport {
  const id = changes.id ?? "redirect.server.404";
  return {
    id,
    rule: id.split("/")[0] ?? id,
    role: "server",
    level: "MUST",
    title: "a missing file gets 404 with an HTML body",
    verdict: "pass",
    durationMs: 12.5,
    message: "",
    sent: null,
    expected: null,
    actual: null,
    reproduce: `npx steelyard check ./steelyard.json --only ${id} --seed 7`,
    trace: null,
    source: "assignment 4, server",
    ...changes,
  };
}

export function makeReport(cases: CaseReport[], changes: Partial<Report> = {}): Report {
  return {
    schema: "steelyard/report/1",
    system: "redirect",
    implementation: { name: "jdoe", digest: "sha256:00", manifest: "./steelyard.json" },
    suite: { version: "0.1.0", digest: "sha256:11" },
    host: {
      runtime: "bun",
      runtimeVersion: "1.4.5",
      os: "linux",
      cpu: "a processor",
      cores: 2,
      isolation: "none",
    },
    seed: 7,
    started: "2026-01-02T03:04:05.678Z",
    durationMs: 1234.5,
    summary: summarise(cases),
    conforms: conformsOf(cases),
    cases,
    ...changes,
  };
}

const EVIDENCE = {
  sent: "GET /missing.html HTTP/1.1\nHost: 127.0.0.1:4711\n\n",
  expected: "HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<h1>Not Found</h1>\n",
  actual: "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<h1>Not Found</h1>\n",
};

/** A case of each verdict, one of them a MUST that failed. */
export const EVERY_VERDICT: Record<Verdict, CaseReport> = {
  pass: makeCase({
    id: "redirect.server.concurrent",
    title: "a slow reader does not stop the others",
  }),
  fail: makeCase({
    verdict: "fail",
    message: "a file that does not exist was answered with 200 instead of 404",
    ...EVIDENCE,
    trace: "traces/redirect.server.404.har",
  }),
  "optional-fail": makeCase({
    id: "redirect.client.bounded-redirects",
    role: "client",
    level: "SHOULD",
    title: "a redirect loop ends with an error",
    verdict: "optional-fail",
    message: "the client followed 50 redirects and was stopped",
    sent: "HTTP/1.1 301 Moved Permanently, 50 times",
    expected: "an exit with an error",
    actual: "a 51st request",
  }),
  unsupported: makeCase({
    id: "redirect.server.head",
    title: "HEAD gets the headers of GET and no body",
    level: "MAY",
    verdict: "unsupported",
    message: "not claimed",
  }),
  blocked: makeCase({
    id: "redirect.system.files-intact",
    title: "50 files arrive identical to their originals",
    role: "system",
    verdict: "blocked",
    message: "needs redirect.server.404, which failed",
  }),
  skipped: makeCase({
    id: "redirect.balancer.retests",
    title: "measures again after its interval without clients",
    role: "balancer",
    verdict: "skipped",
    message: "left out by --fast: it waits for 300 s",
  }),
  error: makeCase({
    id: "redirect.client.direct",
    title: "a 200 without redirect is saved as well",
    role: "client",
    verdict: "error",
    message: "the stand-in server could not bind 127.0.3.1:4711: EADDRINUSE",
  }),
};

export const everyVerdict: Report = makeReport(Object.values(EVERY_VERDICT));

export const allPass: Report = makeReport([EVERY_VERDICT.pass], {
  system: "medals",
  implementation: { name: "reference", digest: "sha256:22", manifest: "reference" },
});

/** Every text of every case is hostile, for each verdict. */
export const hostile: Report = makeReport(
  Object.values(EVERY_VERDICT).map((one) => ({
    ...one,
    id: `${one.id}/${HOSTILE}`,
    rule: one.rule + HOSTILE,
    role: one.role + HOSTILE,
    title: HOSTILE,
    message: HOSTILE,
    sent: HOSTILE,
    expected: `a\n${HOSTILE}`,
    actual: `a\n${HOSTILE}\nmore`,
    reproduce: HOSTILE,
    trace: HOSTILE,
    source: HOSTILE,
  })),
  { implementation: { name: HOSTILE, digest: HOSTILE, manifest: HOSTILE }, system: HOSTILE },
);
