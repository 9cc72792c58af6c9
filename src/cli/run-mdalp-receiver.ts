/** `steelyard run mdalp receiver`. */
import process from "node:process";
import { MDALP_PORT, startReceiver } from "../mdalp/mod.ts";
import { foregroundLog, stopSignal } from "./foreground.ts";
import type { RoleCommand } from "./role-command.ts";
import { printError } from "./role-command.ts";
import { LINK_PORT } from "./run-mdalp-orchestrator.ts";
import { EXIT, text, UsageError, wholeNumber } from "./usage.ts";

const PORTS = { least: 0, most: 65535 };

/** Another start makes another receiver. */
export function mdalpReceiverCommand(start: typeof startReceiver = startReceiver): RoleCommand {
  return {
    usage: "",
    summary: "acknowledges data packets and hands them to the orchestrator",
    options: [
      ["--host <address>", "the address to receive at (default: 127.0.0.2)"],
      ["--port <number>", `where data comes in (default: ${MDALP_PORT})`],
      ["-a, --orchestrator <address>", "the orchestrator's address (default: 127.0.0.1)"],
      ["--link-port <number>", `the orchestrator's port for receivers (default: ${LINK_PORT})`],
      ["--log <format>", "a line per event on standard error: text, json or none (default: text)"],
    ],
    example: "steelyard run mdalp receiver --host 127.0.0.3",
    async run(args, options) {
      if (args.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(args[0])}`);
      const log = foregroundLog(options);
      const host = text(options, "host") ?? "127.0.0.2";
      if (host === "0.0.0.0") {
        throw new UsageError("--host 0.0.0.0 cannot stand in a plan; give the address to send to");
      }
      const stopped = stopSignal();
      const receiver = await start({
        at: { host, port: wholeNumber(options, "port", PORTS) ?? MDALP_PORT },
        orchestrator: {
          host: text(options, "orchestrator") ?? "127.0.0.1",
          port: wholeNumber(options, "linkPort", PORTS) ?? LINK_PORT,
        },
        log,
      });
      process.stdout.write(`receiving at ${receiver.address}:${receiver.port}\n`);
      const ended = await Promise.race([stopped, receiver.lost.then(() => undefined)]);
      receiver.close();
      if (ended !== undefined) {
        log("stopping", { signal: ended });
        return EXIT.conforms;
      }
      printError("the orchestrator is gone; start it and then the receiver again");
      return EXIT.fails;
    },
  };
}
