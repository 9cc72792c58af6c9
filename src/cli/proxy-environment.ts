/** What this machine does not let the proxy's roles do: one line that says what to do, exit code 3. */
import { NetError } from "../net/mod.ts";
import { StateFileError } from "../proxy/mod.ts";
import { printError } from "./role-command.ts";
import { EXIT } from "./usage.ts";

/** Where the runtime's own words end without it; Bun has no code for a name that it cannot resolve. */
const ADVICE: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "; give one of this host's, or leave it out for 127.0.0.1",
  // What Deno says instead.
  EINVAL: "; give an address of this host, or leave it out for 127.0.0.1",
  ENOTFOUND: "; give an address of this host, or leave it out for 127.0.0.1",
  EAI_AGAIN: "; give an address of this host, or leave it out for 127.0.0.1",
  UNKNOWN: "; give an address of this host, or leave it out for 127.0.0.1",
};

/** The role's exit code, or that of an environment in which it cannot start. */
export async function startedOr3(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NetError || error instanceof StateFileError)) throw error;
    printError(error.message + (ADVICE[error.code] ?? ""));
    return EXIT.incomplete;
  }
}
