/** `steelyard run redirect server`. */
import { startFileServer } from "../redirect/mod.ts";
import type { FileServerParts } from "../redirect/mod.ts";
import { foregroundLog, runUntilStopped } from "./foreground.ts";
import type { RoleCommand } from "./role-command.ts";
import { text, UsageError, wholeNumber } from "./usage.ts";

export function redirectServerCommand(parts?: FileServerParts): RoleCommand {
  return {
    usage: "",
    summary: "serves the files of a folder over HTTP/1.1",
    options: [
      ["--root <folder>", "the folder to serve (default: the current one)"],
      ["--host <address>", "the address to listen on (default: 127.0.0.1)"],
      ["--port <number>", "the port to listen on; 0 lets the system choose (default: 0)"],
      ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
    ],
    example: "steelyard run redirect server --root public --port 8001",
    run(args, options) {
      if (args.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}`);
      const log = foregroundLog(options);
      const port = wholeNumber(options, "port", { least: 0, most: 65535 }) ?? 0;
      return runUntilStopped(
        () =>
          startFileServer({
            host: text(options, "host") ?? "127.0.0.1",
            port,
            root: text(options, "root") ?? ".",
            log,
          }, parts),
        log,
      );
    },
  };
}
