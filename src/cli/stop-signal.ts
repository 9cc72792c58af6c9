/** The clean end of what runs in the foreground. */
import process from "node:process";

/** Resolves with the name of the signal that ends the program: SIGINT or SIGTERM. */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
}
