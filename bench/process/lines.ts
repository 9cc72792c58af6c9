/**
 * A process of the benchmark's own that is told what to do in JSON lines: `{ id, do, with }` on its
 * standard input, `{ id, result }` or `{ id, error }` on its output. It ends with its input, so that
 * none outlives the run, however that ended.
 */
import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Runtime } from "../../src/net/mod.ts";
import { ownCommand } from "../../conformance/engine/package.ts";
import { ProgramError } from "../lifetime.ts";
import type { Lifetime } from "../lifetime.ts";

/** What a process can be told; what they take and give is plain JSON. */
export type Services = Readonly<Record<string, (given: never) => unknown>>;

/** Serves the lines of standard input until it ends. */
export async function serveLines(services: Services): Promise<number> {
  const answer = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, do: name, with: given } = JSON.parse(line);
    const service = services[name] as ((given: unknown) => unknown) | undefined;
    // Not awaited: one may be told to stop what another one does.
    Promise.resolve()
      .then(() => service ? service(given) : Promise.reject(new Error(`no service ${name}`)))
      .then(
        (result) => answer({ id, result: result ?? null }),
        (error) => answer({ id, error: error instanceof Error ? error.message : String(error) }),
      );
  }
  return 0;
}

/** Such a process, seen from the runner. */
export interface Worker {
  readonly pid: number;
  /** Rejects with a ProgramError where it refuses or has died. */
  call<Result>(name: string, given: unknown): Promise<Result>;
  /** Lets it end. */
  close(): void;
}

/** Starts `steelyard bench-process NAME` on a runtime. */
export function startWorker(life: Lifetime, on: Runtime, name: string): Worker {
  const waiting = new Map<number, (answer: { result?: unknown; error?: string }) => void>();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    for (const settle of waiting.values()) settle({ error: error.message });
    waiting.clear();
  };
  const child: ChildProcess = life.start(ownCommand(on, ["bench-process", name]), fail);
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    try {
      const { id, ...answer } = JSON.parse(line);
      waiting.get(id)?.(answer);
      waiting.delete(id);
    } catch {
      const said = JSON.stringify(line.slice(0, 200));
      fail(new ProgramError(`${name} on ${on} wrote ${said}, which is no answer`));
    }
  });
  let last = 0;
  return {
    pid: child.pid as number,
    call: <Result>(service: string, given: unknown) =>
      new Promise<Result>((resolve, reject) => {
        if (failure) return reject(failure);
        const id = ++last;
        waiting.set(id, ({ result, error }) => {
          if (error === undefined) resolve(result as Result);
          else reject(failure ?? new ProgramError(`${name} on ${on}: ${error}`));
        });
        child.stdin?.write(`${JSON.stringify({ id, do: service, with: given })}\n`);
      }),
    close: () => void child.stdin?.end(),
  };
}
