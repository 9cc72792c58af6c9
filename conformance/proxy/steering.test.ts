import { test } from "uvu";
import * as assert from "uvu/assert";
import { withContext, withFolder } from "../engine/run/test-kit.ts";
import { CaseFailure } from "../engine/verdict.ts";
import { steeringCases } from "./steering.ts";

/**
 * A proxy in HTTP/1.0, small and right but for the fault that is its third argument: `once` reads the
 * file only once, `crash` ends when the file names no server, `serial` does one thing after the
 * other, `hides` says nothing of a server that is down, `mixes` gives a client the answer before its own, and
 * `keeps` gives the answer that it once had for a path, `open` says that it keeps connections and does
 * not, `endless` does not end an answer of its own, and `throws` writes of its fault after it has closed.
 */
const PROXY = `
const { readFileSync } = require("node:fs");
const net = require("node:net");
const [port, state, fault] = process.argv.slice(1);
let known, last, kept = {}, turn = Promise.resolve();
const read = () => {
  if (fault === "once" && known) return known;
  try { known = readFileSync(state, "utf8").trim(); } catch { known = ""; }
  if (fault === "crash" && !/^[\\d.]+:\\d+$/.test(known)) process.exit(3);
  return known;
};
const serve = (client, head) => new Promise((done) => {
  const [host, to] = read().split(":");
  const path = head.split(" ")[1];
  if (fault === "keeps" && kept[path]) return client.end(kept[path]);
  client.on("close", done);
  const bad = "HTTP/1.1 502 Bad Gateway\\r\\n\\r\\n";
  const complain = () => setTimeout(() => console.error("TypeError: of the proxy"), 20);
  if (fault === "throws") client.on("close", complain);
  const refuse = () => fault === "hides" || fault === "throws" ? client.end() : fault === "endless" ? client.write(bad) : client.end(bad);
  if (!(Number(to) > 0)) return refuse();
  let begun = false;
  const server = net.connect({ host, port: Number(to) }, () =>
    server.write(head.split(" ").slice(0, 2).join(" ") + " HTTP/1.0\\r\\nConnection: close\\r\\nHost: x\\r\\n\\r\\n"));
  server.setTimeout(2000, () => server.destroy());
  server.on("data", (bytes) => {
    begun = true;
    client.write(fault === "mixes" && last ? last : bytes);
    last = kept[path] = bytes;
  });
  server.on("end", () => fault === "open" ? 0 : begun ? client.end() : refuse());
  server.on("error", () => {});
  server.on("close", () => fault === "open" ? 0 : begun ? client.end() : refuse());
  client.on("close", () => server.destroy());
});
net.createServer((client) => {
  let head = "";
  client.on("error", () => {});
  client.on("data", (bytes) => {
    const whole = head.includes("\\r\\n\\r\\n");
    head += bytes;
    if (whole || !head.includes("\\r\\n\\r\\n")) return;
    if (fault === "serial") turn = turn.then(() => serve(client, head));
    else serve(client, head);
  });
}).listen(Number(port), "127.0.0.1");
`;

/** What each case says of a proxy with this fault; undefined for a pass. */
async function outcome(id: string, fault: string): Promise<string | undefined> {
  const found = steeringCases.find((one) => one.id === `proxy.proxy.${id}`);
  assert.ok(found, id);
  let message: string | undefined;
  const run = ["node", "proxy.js", "{port}", "{state}", fault];
  const script = PROXY.replace("slice(1)", "slice(2)");
  await withFolder(
    { "proxy.js": script },
    (folder) =>
      withContext({ roles: { proxy: { run } } as never, folder }, async (context) => {
        try {
          await found!.run(context);
        } catch (error) {
          if (!(error instanceof CaseFailure)) throw error;
          message = `${error.message}\n${error.evidence.actual}`;
        }
      }),
  );
  return message;
}

const RIGHT = [
  "follows-file/kept-alive",
  "server-down/refused",
  "server-silent/no-answer",
  "server-silent/others",
  "file-missing/folder",
  "concurrent/fifty-clients",
  "client-leaves/before-head",
];

for (const id of RIGHT) {
  test(`a right proxy passes ${id}`, async () => {
    assert.is(await outcome(id, "none"), undefined);
  });
}

const FAULTS = [
  ["follows-file/renamed", "once", /server A was asked/],
  ["follows-file/renamed", "keeps", /for a path that server A had answered, server A was asked/],
  ["follows-file/kept-alive", "open", /keeps open, the proxy answers no more/],
  ["server-down/refused", "endless", /502 Bad Gateway: the end of the answer cannot be told/],
  ["new-address/not-listed", "once", /server A was asked/],
  ["server-down/closed-after-request", "hides", /there is no answer/],
  [
    "server-down/refused",
    "throws",
    /no answer[^]*on stderr:\n(TypeError: of the proxy\n)+--- the log/,
  ],
  ["server-silent/others", "serial", /held up/],
  ["concurrent/one-slow", "serial", /held up/],
  ["concurrent/fifty-clients", "mixes", /the answer is not its own: "the answer to/],
  ["file-missing/empty", "crash", /no answer|cannot be reached/],
] as const;

for (const [id, fault, says] of FAULTS) {
  test(`a proxy with the fault "${fault}" fails ${id}`, async () => {
    assert.match(await outcome(id, fault) ?? "passed", says);
  });
}

test.run();
