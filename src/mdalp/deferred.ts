/** A promise and the way to settle it. `Promise.withResolvers` is not in Node 20, where the built suite runs. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => resolve = done);
  return { promise, resolve };
}
