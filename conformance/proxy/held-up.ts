/** Whether one request that takes its time holds up the others. */
import { askAnything, failed, getRequest } from "./course.ts";
import type { Course } from "./course.ts";
import { askTimed, wasAsked } from "./steering-asks.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

const OTHERS = 10;
/** Others that are answered in this time are not held up, whatever the first one does. */
const SOON_MS = 1000;
/** For the first request to reach the server. */
const REACH_MS = 5000;
const DEADLINE_MS = 20_000;

/**
 * Asks for a path that the server is slow with, and, while the server has that request, for others.
 * Fails where one of those is answered only after the first is through, or not at all.
 *
 * @param release Called when the others are answered, or have waited long enough: the first may end.
 */
export async function heldUp(course: Course, slow: string, release: () => void): Promise<void> {
  const { context } = course;
  const [server] = course.servers as [UpstreamStandIn];
  let through = false;
  const first = askAnything(course, getRequest(course, slow), {
    deadlineMs: DEADLINE_MS,
    silenceMs: DEADLINE_MS,
  }).then(() => through = true);
  first.catch(() => {});
  if (!await context.log.waitFor(() => wasAsked(server, slow), REACH_MS)) {
    throw failed(course, "the request does not reach the server", {
      sent: getRequest(course, slow),
      expected: "the request at the server",
    });
  }
  const timer = setTimeout(release, SOON_MS * 1.5);
  const asked = await Promise.all(
    Array.from({ length: OTHERS }, async (_, i) => {
      const path = `/other-${i + 1}`;
      const answered = await askTimed(course, path, { deadlineMs: DEADLINE_MS });
      const late = answered.tookMs > SOON_MS;
      const ok = answered.answer.status === 200 && wasAsked(server, path);
      return {
        ...answered,
        path,
        fault: !ok || late && (through || answered.tookMs > 3 * SOON_MS),
      };
    }),
  );
  clearTimeout(timer);
  release();
  const bad = asked.filter(({ fault }) => fault);
  const [worst] = bad.sort((a, b) => b.tookMs - a.tookMs);
  if (!worst) return;
  const what = `${bad.length} of ${OTHERS} other requests were held up: ` +
    `${worst.path} took ${(worst.tookMs / 1000).toFixed(1)} s`;
  throw failed(course, what, {
    sent: `${getRequest(course, slow)}\nand, while the server had it, ${
      getRequest(course, worst.path)
    }`,
    expected: "the others are answered at once",
    answer: worst.answer,
  });
}
