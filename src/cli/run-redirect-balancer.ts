/** `steelyard run redirect balancer`. */
import { readFileSync } from "node:fs";
import { parseUpstream, parseUpstreams, randomSource, startBalancer } from "../redirect/mod.ts";
import type { BalancerParts, Upstream } from "../redirect/mod.ts";
import { foregroundLog, runUntilStopped } from "./foreground.ts";
import type { RoleCommand } from "./role-command.ts";
import { secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

export function redirectBalancerCommand(parts?: BalancerParts): RoleCommand {
  return {
    usage: "[HOST:PORT ...]",
    summary: "measures its servers and sends each client to one by a 301",
    options: [
      ["--config <file>", "a file with one HOST:PORT a line, besides those of the command line"],
      ["--host <address>", "the address to listen on (default: 127.0.0.1)"],
      ["--port <number>", "the port to listen on; 0 lets the system choose (default: 0)"],
      ["--interval <seconds>", "the time between two performance tests (default: 300)"],
      ["--probe-path <path>", "the file fetched in a performance test (default: /test.html)"],
      ["--seed <number>", "draws the same servers each time (default: at random)"],
      ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
    ],
    example: "steelyard run redirect balancer localhost:8001 localhost:8002 --port 8000",
    run(args, options) {
      const upstreams = readUpstreams(args, text(options, "config"));
      const probePath = text(options, "probePath") ?? "/test.html";
      if (!/^\/[\x21-\x7e]*$/.test(probePath)) {
        throw new UsageError(`--probe-path ${JSON.stringify(probePath)} does not begin with /`);
      }
      const seed = wholeNumber(options, "seed", { least: 0, most: 0xffffffff });
      const log = foregroundLog(options);
      const settings = {
        host: text(options, "host") ?? "127.0.0.1",
        port: wholeNumber(options, "port", { least: 0, most: 65535 }) ?? 0,
        upstreams,
        intervalMs: secondsAsMs(options, "interval") ?? 300_000,
        probePath,
        random: randomSource(seed),
        log,
      };
      return runUntilStopped(() => startBalancer(settings, parts), log);
    },
  };
}

function readUpstreams(args: readonly string[], config: string | undefined): Upstream[] {
  const upstreams = args.map(parseUpstream);
  if (config !== undefined) {
    try {
      upstreams.push(...parseUpstreams(readFileSync(config, "utf8")));
    } catch (error) {
      throw new UsageError(`--config ${config}: ${(error as Error).message}`);
    }
  }
  if (upstreams.length === 0) {
    throw new UsageError("no servers given; name them as HOST:PORT or in a file with --config");
  }
  return upstreams;
}
