/** The 301: our balancer on each runtime, nginx and HAProxy, by requests a second under wrk. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startFileServer } from "../../src/redirect/mod.ts";
import type { Lifetime } from "../lifetime.ts";
import type { Options } from "./options.ts";
import { compareAndPrint } from "./print.ts";
import { interleave } from "../rounds.ts";
import { ownCommand, startHaproxy, startNginx, startOwn } from "./servers.ts";
import { requestRate, wrkCommand } from "./wrk.ts";

/** As many servers as the assignment's example has; the peers have one, which costs them no draw. */
const UPSTREAMS = 3;

const PATH = "/files/picture.png";

export async function measureRedirect(life: Lifetime, options: Options) {
  const root = join(life.folder, "probed");
  mkdirSync(root);
  writeFileSync(join(root, "test.html"), "<p>test</p>\n");
  const starting = Array.from(
    { length: UPSTREAMS },
    () => startFileServer({ host: "127.0.0.1", port: 0, root, log: () => {} }),
  );
  const upstreams = await Promise.all(starting);
  const names = upstreams.map(({ port }) => `127.0.0.1:${port}`);

  const target = `http://${names[0]}`;
  const peers = [
    await startNginx(life, `return 301 ${target}$request_uri;`),
    await startHaproxy(life, [`http-request redirect prefix ${target} code 301`]),
  ];
  const own = [];
  for (const runtime of options.runtimes) {
    const args = ["run", "redirect", "balancer", ...names, "--log", "none"];
    own.push(await startOwn(life, runtime, ownCommand(runtime, undefined, args)));
    if (options.before === undefined) continue;
    const command = ownCommand(runtime, options.before, args);
    own.push(await startOwn(life, `${runtime} before`, command));
  }
  console.log(`\n301, requests/s: ${wrkCommand(`URL${PATH}`, options.seconds).join(" ")}`);
  const rates = await interleave(
    [...own, ...peers],
    options.rounds,
    ({ url }) => requestRate(life, url + PATH, options.seconds),
  );
  for (const upstream of upstreams) await upstream.close();
  return compareAndPrint(rates, own, peers, (rate) => rate.toFixed(0));
}
