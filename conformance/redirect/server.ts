/** Cases for the role server. */
import { join } from "node:path";
import type { Case } from "../engine/case.ts";
import { actualText, askGolden } from "../engine/golden/ask.ts";
import { differenceOf } from "../engine/golden/match.ts";
import { goldenCases } from "../engine/golden/load.ts";
import type { CaseContext, Launched } from "../engine/run/context.ts";
import { Connection, exchange } from "../engine/wire/connection.ts";
import { fixture, makeRoot } from "../engine/fixtures.ts";

async function launchServer(context: CaseContext, large: boolean): Promise<Launched> {
  const root = join(context.folder, "site", "root");
  makeRoot(root, { large });
  return await context.launch("server", { values: { root } });
}

/** What a slow reader takes before it stops, and how long others may take meanwhile. */
const OTHERS_MS = 5000;

async function slowReader(context: CaseContext): Promise<void> {
  const server = await launchServer(context, true);
  const host = server.address;
  const slow = await Connection.open(server.host, server.port);
  try {
    slow.pause();
    slow.send(`GET /large.bin HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    context.log.add("suite", "asked for /large.bin on a connection that does not read");
    const message = `GET /page.html HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    for (let i = 0; i < 3; i++) {
      const got = await exchange(server.host, server.port, message, { deadlineMs: OTHERS_MS });
      const reason = differenceOf(fixture("page.html"), got.body, got.problem);
      if (!reason) continue;
      throw context.failure(`another client is not served beside a slow reader: ${reason}`, {
        sent: `one connection: GET /large.bin, and reads nothing\nanother connection:\n${message}`,
        expected: `/page.html on the other connection within ${OTHERS_MS / 1000} s`,
        actual: actualText(got),
      });
    }
    slow.resume();
    const got = await slow.read({ deadlineMs: 30_000 });
    const reason = differenceOf(fixture("large.bin"), got.body, got.problem);
    if (!reason) return;
    throw context.failure(`the slow reader did not get the whole file: ${reason}`, {
      sent: "GET /large.bin, read late",
      expected: "16777216 bytes, as they are in the file",
      actual: actualText(got),
    });
  } finally {
    slow.close();
  }
}

export const serverCases: readonly Case[] = [
  ...goldenCases("redirect", "server", async (context, golden) => {
    const large = golden.steps.some((step) => step.alternatives[0]?.written.includes("large.bin"));
    const server = await launchServer(context, large);
    await askGolden(context, golden, server, {
      texts: { host: server.address },
      servers: [],
      file: fixture,
    });
  }),
  {
    id: "redirect.server.concurrent/slow-reader",
    rule: "redirect.server.concurrent",
    title: "A client that asks for a large file and does not read it does not stop the others",
    timed: true,
    run: slowReader,
  },
];
