/** Results in which every text that comes from outside is hostile. */
import type { Results } from "../results.ts";
import { makeResults } from "./fixture.ts";

/** Ends or begins something in HTML, SVG, Markdown, CSV, a terminal; and characters of every length. */
export const HOSTILE = [
  "]]> <!-- </script></style></title><img src=x onerror=alert(1)> & \" ' </pre>",
  "`tick` | pipe | *star* [link](javascript:alert(1)) =1+1",
  "esc \x1b[31m nul \x00 bell \x07 cr \r tab \t del \x7f csi \x9b31m",
  "bidi \u202e line \u2028 half \ud83d last \uffff",
  "é € \u{1f40e}",
].join("\n");

/** Every text that comes from outside is hostile. */
export function makeHostile(): Results {
  const whole = makeResults();
  const { environment } = whole;
  return {
    ...whole,
    command: HOSTILE,
    complete: false,
    incomplete: [HOSTILE],
    warnings: [HOSTILE],
    environment: {
      ...environment,
      cpu: HOSTILE,
      kernel: HOSTILE,
      governor: HOSTILE,
      versions: { [HOSTILE]: HOSTILE },
      runner: HOSTILE,
      revision: HOSTILE,
    },
    workloads: whole.workloads.map((one) => ({
      ...one,
      name: one.name === "redirect" ? `redirect ${HOSTILE}` : one.name,
      summary: HOSTILE,
      sentence: HOSTILE,
      leftOut: [{ what: HOSTILE, why: HOSTILE }],
      setUps: one.setUps.map((setUp) => ({
        ...setUp,
        id: `${setUp.id} ${HOSTILE}`,
        group: `${setUp.group} ${HOSTILE}`,
        name: `${setUp.name} ${HOSTILE}`,
        runtime: `${setUp.runtime} ${HOSTILE}`,
        failures: { [HOSTILE]: 3 },
        servers: { [HOSTILE]: 5, b: 6 },
        phases: Object.fromEntries(
          Object.entries(setUp.phases).map(([name, latency]) => [`${name} ${HOSTILE}`, latency]),
        ),
        sequence: setUp.sequence.map((point) => ({ ...point, receiver: HOSTILE })),
        rounds: setUp.rounds.map((round) => ({
          ...round,
          void: round.void && HOSTILE,
          failures: { [HOSTILE]: 3 },
          mismatch: round.mismatch && { ...round.mismatch, url: HOSTILE },
        })),
      })),
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        setUp: `${comparison.setUp} ${HOSTILE}`,
        to: `${comparison.to} ${HOSTILE}`,
        sentence: HOSTILE,
      })),
    })),
  };
}
