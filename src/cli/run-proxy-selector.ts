/** `steelyard run proxy selector`. */
import process from "node:process";
import {
  pickText,
  SELECTOR_KINDS,
  selectorParts,
  startSelector,
  STATE_PATH,
} from "../proxy/mod.ts";
import type { SelectorParts } from "../proxy/mod.ts";
import { randomSource } from "../redirect/mod.ts";
import { foregroundLog, stopSignal } from "./foreground.ts";
import { startedOr3 } from "./proxy-environment.ts";
import { readServers } from "./proxy-servers.ts";
import type { RoleCommand } from "./role-command.ts";
import { oneOf, secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

export function selectorCommand(parts: SelectorParts = selectorParts): RoleCommand {
  return {
    usage: "HOST[:PORT] ...",
    summary: "names the proxy's server in the state file, again at each interval",
    options: [
      ["--kind <name>", "random: the least of random loads; history: in turn (default: random)"],
      ["--state <file>", `the file to write; exit code 3 if it cannot be (default: ${STATE_PATH})`],
      ["--interval <seconds>", "the time between two choices (default: random 5, history 1)"],
      ["--seed <number>", "draws the same loads each time (default: at random)"],
      ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
    ],
    example: "steelyard run proxy selector 172.28.1.11 172.28.1.12 --kind history",
    run: (args, options) =>
      startedOr3(async () => {
        const servers = readServers(args);
        if (servers.length === 0) throw new UsageError("no servers given; name them as HOST:PORT");
        const intervalMs = secondsAsMs(options, "interval");
        const log = foregroundLog(options);
        const stopped = stopSignal();
        const selector = startSelector({
          kind: oneOf(options, "kind", SELECTOR_KINDS) ?? "random",
          servers,
          statePath: text(options, "state") ?? STATE_PATH,
          ...(intervalMs === undefined ? {} : { intervalMs }),
          random: randomSource(wholeNumber(options, "seed", { least: 0, most: 0xffffffff })),
          log,
          onPick: (selection) => process.stdout.write(pickText(servers, selection)),
        }, parts);
        log("stopping", { signal: await stopped });
        selector.close();
        return 0;
      }),
  };
}
