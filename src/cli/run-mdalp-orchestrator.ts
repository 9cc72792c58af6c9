/** `steelyard run mdalp orchestrator`. */
import { MDALP_PORT, serveStatus, startOrchestrator } from "../mdalp/mod.ts";
import { foregroundLog, runUntilStopped } from "./foreground.ts";
import type { RoleCommand } from "./role-command.ts";
import { secondsAsMs, text, UsageError, wholeNumber } from "./usage.ts";

/** Beside the protocol's own port: the status page, and the receivers' link. */
export const STATUS_PORT = 4651;
export const LINK_PORT = 4652;

/**
 * A client sends again within 10 s (rule mdalp.client.retransmits), so that after 11 s of silence one
 * without a gap has no more to send.
 */
const QUIET_MS = 11_000;

const PORTS = { least: 0, most: 65535 };

/** Another start makes another orchestrator. */
export function mdalpOrchestratorCommand(
  start: typeof startOrchestrator = startOrchestrator,
): RoleCommand {
  return {
    usage: "",
    summary: "queues clients, plans their transfers, and says how each ended",
    options: [
      ["--host <address>", "the address to listen on (default: 127.0.0.1)"],
      ["--port <number>", `where intents come in (default: ${MDALP_PORT})`],
      ["--status-port <number>", `the results over HTTP (default: ${STATUS_PORT})`],
      ["--link-port <number>", `where receivers connect (default: ${LINK_PORT})`],
      ["--limit <seconds>", "when a transaction is given up (default: 90)"],
      [
        "--quiet <seconds>",
        "the silence after which one without a gap is done, unless its end shows (default: 11)",
      ],
      ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
    ],
    example: "steelyard run mdalp orchestrator --host 127.0.0.1",
    run(args, options) {
      if (args.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}`);
      const host = text(options, "host") ?? "127.0.0.1";
      const log = foregroundLog(options);
      return runUntilStopped(async () => {
        const orchestrator = await start({
          at: { host, port: wholeNumber(options, "port", PORTS) ?? MDALP_PORT },
          link: { host, port: wholeNumber(options, "linkPort", PORTS) ?? LINK_PORT },
          limitMs: secondsAsMs(options, "limit") ?? 90_000,
          quietMs: secondsAsMs(options, "quiet") ?? QUIET_MS,
          log,
        });
        const statusPort = wholeNumber(options, "statusPort", PORTS) ?? STATUS_PORT;
        try {
          const page = await serveStatus({ host, port: statusPort }, orchestrator.status);
          log("orchestrator", { port: orchestrator.port, link: orchestrator.linkPort });
          return {
            ...page,
            close: async () => {
              await page.close();
              await orchestrator.close();
            },
          };
        } catch (error) {
          await orchestrator.close();
          throw error;
        }
      }, log);
    },
  };
}
