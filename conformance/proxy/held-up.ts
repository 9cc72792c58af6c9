/** Whether one request that takes its time holds up the others. */
import { askAnything, failed, getRequest } from "./course.ts";
import type { Course } from "./course.ts";
import { askTimed, wasAsked } from "./steering-asks.ts";
import type { UpstreamStandIn } from "./upstream-stand-in.ts";

const OTHERS = 10;
/** What is slow ends at last, so that a proxy that waits for it comes to the others. */
const RELEASE_MS = 8000;
/** For the first request to reach the server. */
const REACH_MS = 5000;
const DEADLINE_MS = 20_000;

/**
 * Asks for a path that the server is slow with, and, while the server has that request, for others.
 * Fails where none of those reaches the server before the first is through, or where one is never
 * answered: by the order of things and not by the clock, which a busy machine upsets.
 *
 * @param release Called when the others are answered, or have waited long enough: the first may end.
 */
export async function heldUp(course: Course, slow: string, release: () => void): Promise<void> {
  const { context } = course;
  const [server] = course.servers as [UpstreamStandIn];
  const paths = Array.from({ length: OTHERS }, (_, i) => `/other-${i + 1}`);
  const reached = () => paths.filter((path) => wasAsked(server, path)).length;
  let reachedBefore: number | undefined;
  const first = askAnything(course, getRequest(course, slow), {
    deadlineMs: DEADLINE_MS,
    silenceMs: DEADLINE_MS,
  }).then(() => reachedBefore ??= reached());
  first.catch(() => {});
  if (!await context.log.waitFor(() => wasAsked(server, slow), REACH_MS)) {
    throw failed(course, "the request does not reach the server", {
      sent: getRequest(course, slow),
      expected: "the request at the server",
    });
  }
  const timer = setTimeout(release, RELEASE_MS);
  const asked = await Promise.all(paths.map(async (path) => {
    const answered = await askTimed(course, path, { deadlineMs: DEADLINE_MS });
    return { ...answered, path, right: answered.answer.status === 200 && wasAsked(server, path) };
  }));
  clearTimeout(timer);
  release();
  const wrong = asked.filter(({ right }) => !right);
  const late = (reachedBefore ?? reached()) === 0 ? asked : wrong;
  const [worst] = [...late].sort((a, b) => b.tookMs - a.tookMs);
  if (!worst) return;
  const what = `${late.length} of ${OTHERS} other requests were held up: ` +
    `${worst.path} took ${(worst.tookMs / 1000).toFixed(1)} s`;
  throw failed(course, what, {
    sent: `${getRequest(course, slow)}\nand, while the server had it, ${
      getRequest(course, worst.path)
    }`,
    expected: "the others reach the server while the first waits for it, and are answered",
    answer: worst.answer,
  });
}
