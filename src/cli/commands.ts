/** From arguments to a command and from an error to an exit code. */
import { run } from "./run.ts";
import { printError } from "./role-command.ts";
import { EXIT, UsageError } from "./usage.ts";

export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    return failed(error);
  }
}

function dispatch(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === "run") return run(rest);
  throw new UsageError(`no command ${JSON.stringify(command)}`);
}

function failed(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  printError(message);
  return error instanceof UsageError ? EXIT.usage : EXIT.fails;
}
