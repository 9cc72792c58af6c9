/** The large file: our server on each runtime and nginx with sendfile, and our server's memory. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import type { Lifetime } from "../lifetime.ts";
import { growthOf } from "./growth.ts";
import type { Growth } from "./growth.ts";
import type { Options } from "./options.ts";
import { compareAndPrint } from "./print.ts";
import { interleave } from "../rounds.ts";
import { ownCommand, startNginx, startOwn } from "./servers.ts";
import type { Server } from "./servers.ts";
import { FILE_BYTES, readerCommand, streamRate, STREAMS } from "./streams.ts";

const NAME = "large.bin";
const MEGABYTE = 1e6;

export async function measureFile(life: Lifetime, options: Options) {
  const root = join(life.folder, "served");
  mkdirSync(root);
  writeFileSync(join(root, NAME), Buffer.alloc(FILE_BYTES, "steelyard weighs unequal loads. "));
  writeFileSync(join(root, "small.html"), "<p>small</p>\n");

  const nginx = await startNginx(life, `root ${root};`);
  const own: Server[] = [];
  const memory: Growth[] = [];
  console.log(`\nmemory of our server with ${STREAMS} streams at once, VmRSS and VmHWM`);
  for (const runtime of options.runtimes) {
    const args = ["run", "redirect", "server", "--root", root, "--log", "none"];
    const server = await startOwn(life, runtime, ownCommand(runtime, undefined, args));
    own.push(server);
    memory.push(await growthOf(life, server, { warm: "/small.html", path: `/${NAME}` }));
    if (options.before === undefined) continue;
    const command = ownCommand(runtime, options.before, args);
    own.push(await startOwn(life, `${runtime} before`, command));
  }
  const times = Math.max(1, Math.round(options.seconds * 2));
  const shown = readerCommand(`URL/${NAME}`, 1).map((part) => JSON.stringify(part)).join(" ");
  console.log(`\n${FILE_BYTES} bytes, MB/s over ${STREAMS} clients, each ${times} times: ${shown}`);
  const rates = await interleave(
    [...own, nginx],
    options.rounds,
    ({ url }) => streamRate(life, `${url}/${NAME}`, times),
  );
  const figures = compareAndPrint(rates, own, [nginx], (rate) => (rate / MEGABYTE).toFixed(0));
  return { ...figures, memory };
}
