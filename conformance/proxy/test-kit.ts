/** For tests: a proxy of a few lines, right or wrong as told. */
import type { CaseContext } from "../engine/run/context.ts";
import { withContext } from "../engine/run/test-kit.ts";

/** Passes bytes both ways, to the server in the file; what it changes is a line of JavaScript each. */
const RELAY = `
const { readFileSync } = require("node:fs");
const net = require("node:net");
const [state, port, toServer, toClient] = process.argv.slice(1);
const changed = (code, text) => new Function("text", "return " + code)(text);
net.createServer((client) => {
  client.on("error", () => {});
  client.once("data", (bytes) => {
    const request = changed(toServer, bytes.toString("latin1"));
    if (request === undefined) return client.end(changed(toClient, ""), "latin1");
    const [host, to] = readFileSync(state, "utf8").trim().split(":");
    const server = net.connect({ host, port: to });
    server.on("error", () => client.destroy());
    server.write(request, "latin1");
    server.on("data", (answer) => client.write(changed(toClient, answer.toString("latin1")), "latin1"));
    server.on("end", () => client.end());
    client.on("close", () => server.destroy());
  });
}).listen(Number(port), "127.0.0.1");`;

export interface Relay {
  /** An expression of `text`, the request; `undefined` does not ask the server. */
  readonly toServer?: string;
  /** An expression of `text`, a piece of the answer. */
  readonly toClient?: string;
}

/** Runs a test with a context whose proxy is such a relay. */
export function withRelay(
  { toServer = "text", toClient = "text" }: Relay,
  body: (context: CaseContext) => Promise<void>,
): Promise<void> {
  const proxy = {
    run: ["node", "-e", RELAY, "{state}", "{port}", toServer, toClient],
  };
  return withContext({ roles: { proxy } as never }, body);
}
