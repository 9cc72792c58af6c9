/** The promise's outcome, or a rejection with the signal's reason if that is aborted before. */
export async function orAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let aborted = () => {};
  const stopped = new Promise<never>((_, reject) => {
    aborted = () => reject(signal.reason);
    signal.addEventListener("abort", aborted);
    if (signal.aborted) aborted();
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", aborted);
  }
}
