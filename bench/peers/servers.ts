/** The servers that are compared: ours on each runtime, nginx, HAProxy and Python's. */
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { executable, packageRoot } from "../../conformance/engine/package.ts";
import { nodeTcp, runArguments } from "../../src/net/mod.ts";
import type { Runtime } from "../../src/net/mod.ts";
import { ProgramError } from "../lifetime.ts";
import type { Lifetime } from "../lifetime.ts";
import { Watch } from "../servers/watch.ts";

export interface Server {
  readonly name: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly process: ChildProcess;
  /** Aborted when it has ended before the measurement, with a ProgramError. */
  readonly died: AbortSignal;
}

const START_MS = 20_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const listener = await nodeTcp.listen({ host: "127.0.0.1", port: 0 }, () => ({ onData() {} }));
  await listener.close();
  return listener.port;
}

/** Our command line on a runtime, from this checkout or another one. */
export function ownCommand(on: Runtime, checkout: string | undefined, args: string[]): string[] {
  const entry = join(checkout ?? packageRoot, "src", "cli", "main.ts");
  return [executable(on), ...runArguments(on), entry, ...args];
}

/** Starts a role of ours and waits for the address that it prints. */
export function startOwn(
  life: Lifetime,
  name: string,
  command: readonly string[],
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const watch = new Watch(name);
    watch.died.addEventListener("abort", () => reject(watch.died.reason));
    const child = life.start(command, watch.failed);
    let written = "";
    child.stdout?.on("data", (bytes) => {
      written += bytes;
      const url = /listening on (http:\S+)/.exec(written)?.[1];
      if (url) resolve({ name, url, process: child, died: watch.died });
    });
    const late = new ProgramError(`${command.join(" ")} did not listen within ${START_MS} ms`);
    setTimeout(() => reject(late), START_MS).unref();
  });
}

/**
 * nginx with one worker, no log and sendfile; `location` is what stands inside its server, `beside`
 * what stands outside of it.
 */
export async function startNginx(
  life: Lifetime,
  location: string,
  beside = "",
): Promise<Server> {
  const port = await freePort();
  const config = join(life.folder, `nginx-${port}.conf`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) =>
    `  ${kind}_temp_path ${life.folder}/nginx-${kind};`
  );
  writeFileSync(
    config,
    [
      // The folder is its owner's alone, and a worker of root's would become nobody.
      ...(process.getuid?.() === 0 ? ["user root;"] : []),
      "daemon off;",
      "worker_processes 1;",
      `pid ${life.folder}/nginx-${port}.pid;`,
      "error_log stderr error;",
      "events { worker_connections 1024; }",
      "http {",
      "  access_log off;",
      "  sendfile on;",
      "  keepalive_requests 1000000000;",
      ...temporary,
      `  ${beside}`,
      `  server { listen 127.0.0.1:${port}; ${location} }`,
      "}",
      "",
    ].join("\n"),
  );
  return startPeer(life, "nginx", ["nginx", "-p", life.folder, "-c", config], port);
}

/** HAProxy with one thread and no log; `rules` stand in its frontend, `backend` behind it. */
export async function startHaproxy(
  life: Lifetime,
  rules: readonly string[],
  backend: readonly string[] = [],
): Promise<Server> {
  const port = await freePort();
  const config = join(life.folder, `haproxy-${port}.cfg`);
  const text = [
    "global",
    "  nbthread 1",
    "defaults",
    "  mode http",
    "  timeout client 60s",
    "  timeout connect 5s",
    "  timeout server 60s",
    "frontend bench",
    `  bind 127.0.0.1:${port}`,
    ...rules.map((rule) => `  ${rule}`),
    ...backend,
  ];
  writeFileSync(config, text.join("\n") + "\n");
  return startPeer(life, "haproxy", ["haproxy", "-db", "-f", config], port);
}

/** `python3 -m http.server`, but for its queue of five connections, which loses most of a load. */
const PYTHON_SERVER = `
import functools, http.server, sys
http.server.ThreadingHTTPServer.request_queue_size = 128
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[2])
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
`;

/** Python's own file server: a thread and, as it speaks HTTP/1.0, a connection for each request. */
export async function startPython(life: Lifetime, root: string): Promise<Server> {
  const port = await freePort();
  const command = ["python3", "-c", PYTHON_SERVER, `${port}`, root];
  return startPeer(life, "python3 http.server", command, port);
}

async function startPeer(
  life: Lifetime,
  name: string,
  command: readonly string[],
  port: number,
): Promise<Server> {
  const { died, failed } = new Watch(name);
  const child = life.start(command, failed);
  const until = Date.now() + START_MS;
  while (!(await listens(port))) {
    died.throwIfAborted();
    life.throwIfEnded();
    if (Date.now() > until) throw new ProgramError(`${name} did not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { name, url: `http://127.0.0.1:${port}`, process: child, died };
}

async function listens(port: number): Promise<boolean> {
  try {
    const to = { host: "127.0.0.1", port, timeoutMs: 1000 };
    (await nodeTcp.connect(to, () => ({ onData() {} }))).destroy();
    return true;
  } catch {
    return false;
  }
}
