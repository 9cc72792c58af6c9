/** `steelyard run redirect client`. */
import process from "node:process";
import { download } from "../redirect/mod.ts";
import type { DownloadParts } from "../redirect/mod.ts";
import { stopSignal } from "./foreground.ts";
import { progressBar } from "./progress-bar.ts";
import type { RoleCommand } from "./role-command.ts";
import { secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

export function redirectClientCommand(parts?: DownloadParts): RoleCommand {
  return {
    usage: "URL",
    summary: "fetches a file, following redirects, and saves it",
    options: [
      ["--dir <folder>", "the folder to save in (default: the current one)"],
      ["--max-redirects <number>", "how many redirects to follow (default: 10)"],
      ["--timeout <seconds>", "the longest silence of a server (default: 30)"],
    ],
    example: "steelyard run redirect client http://localhost:8000/picture.png",
    async run(args, options) {
      const [url, extra] = args;
      if (url === undefined) throw new UsageError("no URL given: http://HOST[:PORT]/PATH");
      if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
      const bar = progressBar(process.stderr);
      const stop = new AbortController();
      stopSignal().then((name) => {
        stop.abort(new Error(`stopped by ${name}; nothing was kept`));
      });
      const fetching = download({
        url,
        folder: text(options, "dir") ?? ".",
        maxRedirects: wholeNumber(options, "maxRedirects", { least: 0, most: 1000 }) ?? 10,
        idleMs: secondsAsMs(options, "timeout") ?? 30_000,
        print: (part) => process.stdout.write(part),
        progress: bar.update,
        signal: stop.signal,
      }, parts);
      const saved = await fetching.finally(bar.clear);
      process.stdout.write(`saved ${JSON.stringify(saved.path)}, ${saved.size} bytes\n`);
      return 0;
    },
  };
}
