/** Proxy and selector as programs. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { request, serveHttp } from "../http1/mod.ts";
import { runArguments, runtime } from "../net/mod.ts";
import { latch, within } from "../net/test-kit.ts";
import { usageText } from "../proxy/mod.ts";
import type { Usage } from "../proxy/mod.ts";
import { withFolder } from "../redirect/test-kit.ts";
import { steelyard } from "./test-kit.ts";

const test = suite("run proxy");
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** A role as a process, and what it said. */
class Program {
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #looks: (() => void)[] = [];

  constructor(...args: string[]) {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const argv = [...runArguments(runtime), MAIN, "run", "proxy", ...args];
    this.#child = spawn(process.execPath, argv, { stdio: [...stdio] });
    this.#child.stdout?.on("data", (bytes) => this.#heard(() => this.stdout += bytes));
    this.#child.stderr?.on("data", (bytes) => this.#heard(() => this.stderr += bytes));
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
    started.push(this);
  }

  #heard(keep: () => void): void {
    keep();
    for (const look of this.#looks) look();
  }

  /** What the pattern finds on standard output, once it does. */
  async says(what: RegExp): Promise<RegExpExecArray> {
    const { promise, open } = latch<RegExpExecArray>();
    const look = () => {
      const found = what.exec(this.stdout);
      if (found) open(found);
    };
    this.#looks.push(look);
    look();
    return await within(`${what}`, promise).catch((error: Error) => {
      throw new Error(`${error.message}; it said: ${this.stdout}${this.stderr}`);
    });
  }

  /** The exit code after a signal. */
  stopped(signal: NodeJS.Signals): Promise<number | null> {
    // Not child.kill(): Deno then takes the signal for the end, whatever the exit code is.
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, signal);
    return this.ended();
  }

  ended(): Promise<number | null> {
    return within("the end of the program", this.#ended);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

const started: Program[] = [];

test.after.each(() => {
  for (const program of started.splice(0)) program.kill();
});

/** Two servers that answer with their place, and the folder of a state file. */
function withServers(
  run: (addresses: [string, string], folder: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const servers = await Promise.all(
      [0, 1].map((place) =>
        serveHttp({ host: "127.0.0.1", port: 0 }, {
          onRequest: (exchange) =>
            exchange.answer(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${place}`),
          refuse: () => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        })
      ),
    );
    try {
      const [first, second] = servers.map(({ port }) => `127.0.0.1:${port}`);
      await run([first as string, second as string], folder);
    } finally {
      for (const server of servers) await server.close();
    }
  });
}

async function get(
  port: string | undefined,
  path = "/",
): Promise<{ status: number; body: string }> {
  let body = "";
  const head = await request({
    host: "127.0.0.1",
    port: Number(port),
    message: `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    connectMs: 10_000,
    idleMs: 10_000,
  }, { onHead() {}, onData: (bytes) => body += new TextDecoder().decode(bytes) });
  return { status: head.status, body };
}

async function proxyPort(program: Program): Promise<string | undefined> {
  return (await program.says(/^listening on http:\/\/127\.0\.0\.1:(\d+)$/m))[1];
}

test("the proxy sends requests where the state file says, and prints the lab's counts at its end", () =>
  withServers(async ([first, second], folder) => {
    const state = join(folder, "state");
    writeFileSync(state, `${second}\n`);
    const proxy = new Program("proxy", first, "--state", state, "--stats", "3600");
    const port = await proxyPort(proxy);
    for (let count = 0; count < 3; count++) {
      assert.equal(await get(port), { status: 200, body: "1" });
    }
    assert.is(await proxy.stopped("SIGTERM"), 0);
    assert.ok(
      proxy.stdout.endsWith(
        `\n=== Server Usage Stats ===\n${first}: 0 requests\n${second}: 3 requests\n========\n\n`,
      ),
      proxy.stdout,
    );
  }));

test("a proxy of servers takes turns, counts for its control address, and ends at SIGINT", () =>
  withServers(async ([first, second], folder) => {
    const config = join(folder, "servers.txt");
    writeFileSync(config, `# the second\n${second}\n`);
    const control = ["--control", "127.0.0.1:0"];
    const proxy = new Program("proxy", first, "--config", config, ...control, "--log", "none");
    const port = await proxyPort(proxy);
    const [, controlPort] = await proxy.says(/^control on http:\/\/127\.0\.0\.1:(\d+)$/m);
    const bodies = [await get(port), await get(port), await get(port)].map(({ body }) => body);
    assert.equal(bodies, ["0", "1", "0"]);
    const usage: Usage = JSON.parse((await get(controlPort, "/stats")).body);
    assert.equal(
      usage.upstreams.map(({ address, requests }) => [address, requests]),
      [[first, 2], [second, 1]],
    );
    assert.is((await get(controlPort)).body, usageText(usage));
    assert.is(await proxy.stopped("SIGINT"), 0);
    assert.is(proxy.stderr, "");
  }));

test("without a terminal the table is a plain line for each server", () =>
  withServers(async ([first, second]) => {
    const proxy = new Program("proxy", first, second, "--table");
    await get(await proxyPort(proxy));
    assert.is(await proxy.stopped("SIGTERM"), 0);
    assert.match(proxy.stdout, `${first}: 1 requests, 100 %, 0 in flight, 0 failed`);
    assert.not.match(proxy.stdout, /\x1b/);
  }));

test("an address that is taken is told, for the proxy and for its control", () =>
  withServers(async ([first, second]) => {
    const port = second.split(":")[1] as string;
    for (const taken of [["--port", port], ["--control", second]]) {
      const proxy = new Program("proxy", first, ...taken);
      assert.is(await proxy.ended(), 3);
      assert.match(proxy.stderr, `127.0.0.1:${port}: the address is in use; choose another port`);
    }
  }));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`a selector writes and prints its choices until ${signal}`, () =>
    withFolder(async (folder) => {
      const state = join(folder, "state");
      const servers = ["172.28.1.11", "172.28.1.12"];
      const every = ["--interval", "0.05", "--state", state];
      const selector = new Program("selector", ...servers, "--kind", "history", ...every);
      await selector.says(/\.11\n----\n----\nSelected server: 172\.28\.1\.12\n----\n/);
      assert.ok(servers.includes(readFileSync(state, "utf8").trimEnd()));
      assert.is(await selector.stopped(signal), 0);
      const [last] = selector.stdout.match(/172\.28\.1\.1[12](?=\n----\n$)/) ?? [];
      assert.is(readFileSync(state, "utf8"), `${last}\n`);
    }));
}

test("a random selector prints the loads that it drew", () =>
  withFolder(async (folder) => {
    const state = join(folder, "state");
    const selector = new Program("selector", "a", "b", "--state", state, "--seed", "1");
    await selector.says(
      /^-----\nSimulated random server loads:\nServer 1 \(a\) load: \d+\nServer 2 \(b\) load: \d+\n/,
    );
    assert.is(await selector.stopped("SIGTERM"), 0);
  }));

test("a selector that cannot write its first choice ends with 3 and says what to do", () =>
  withFolder(async (folder) => {
    writeFileSync(join(folder, "file"), "");
    for (
      const [path, told] of [
        ["none/state", "its folder does not exist; make it or give another --state"],
        ["file/state", "its folder is a file; give another --state"],
        [".", "it is a folder; give a file's path with --state"],
      ] as const
    ) {
      const state = join(folder, path);
      const { code, stderr } = await steelyard("run", "proxy", "selector", "a", "--state", state);
      assert.is(code, 3, path);
      assert.match(stderr, told);
    }
  }));

for (const host of ["192.0.2.1", "no.such.invalid"]) {
  test(`--host ${host} is no address of this host`, async () => {
    const { code, stderr } = await steelyard("run", "proxy", "proxy", "a", "--host", host);
    assert.is(code, 3);
    assert.match(
      stderr,
      new RegExp(`^steelyard: listening on ${host}:0: [^\n]*this host[^\n]*\n$`),
    );
    assert.match(stderr, "or leave it out for 127.0.0.1");
  });
}

test("a state file that is none, or may not be read, is told at the start", () =>
  withFolder(async (folder) => {
    const loop = join(folder, "loop");
    symlinkSync(loop, loop);
    for (
      const [path, exit, told] of [
        [folder, 2, "it is not a regular file; give the file that a selector writes"],
        [loop, 3, "ELOOP; make it readable or give another --state"],
      ] as const
    ) {
      const { code, stderr } = await steelyard("run", "proxy", "proxy", "--state", path);
      assert.is(code, exit);
      assert.match(stderr, told);
    }
  }));

test("a file of servers that has none is wrong usage", () =>
  withFolder(async (folder) => {
    const empty = join(folder, "servers");
    writeFileSync(empty, "# none yet\n");
    const wrong = [[empty, "lists no servers"], [folder, "EISDIR: it is a folder"]] as const;
    for (const [path, told] of wrong) {
      const { code, stderr } = await steelyard("run", "proxy", "proxy", "--config", path);
      assert.is(code, 2);
      assert.match(stderr, told);
    }
  }));

/** Wrong usage, and what is said of it. */
const WRONG: readonly [args: string, told: string][] = [
  ["proxy 1", '"1" is not HOST[:PORT] with a port in 1..65535'],
  ["proxy a:0", '"a:0" is not HOST[:PORT]'],
  ["proxy a a:80", "a:80 is given twice; name it once"],
  ["proxy --strategy random", "--strategy random has no servers"],
  ["proxy a --strategy quickest", "is none of file, none, random-load"],
  ["proxy a --strategy none --state x", "--state belongs to --strategy file, not none"],
  ["proxy a --interval 3", "--interval belongs to random-load and history, not round-robin"],
  ["proxy a --stats 1 --table", "both print on standard output; leave one of them out"],
  ["proxy a --stats 0", "--stats 0 is not a number of seconds"],
  ["proxy a --timeout soon", '--timeout "soon" is not a number of seconds'],
  ["proxy a --connect-timeout 0", "--connect-timeout 0 is not a number of seconds"],
  ["proxy a --control 9000", '--control "9000" is not HOST:PORT'],
  ["proxy a --control x:65536", "with a port in 0..65535"],
  ["proxy a --config /nowhere/x", '--config "/nowhere/x": ENOENT: it is not there; give a file'],
  ["proxy a --host ", "the value of --host is empty; give one, or leave it out"],
  ["proxy a --port= --table", "the value of --port is empty"],
  ["proxy ", "an argument is empty"],
  ["proxy a --port 99999", "--port 99999 is not a whole number in 0..65535"],
  ["proxy a --port 80 --port 81", "--port is given 2 times; give it once"],
  ["proxy a --host 127.0.0.1:80", "and the port with --port"],
  ["proxy a --host 999.1.1.1", '"999.1.1.1" is no address'],
  ["proxy ::1", '"::1" is not HOST[:PORT] with a port in 1..65535; write it as [::1]:80'],
  ["proxy a 127.0.0.1:81 --port 81", "127.0.0.1:81 is the proxy itself; leave it out"],
  ["proxy [::1]:81 --host [::1] --port 81", "[::1]:81 is the proxy itself"],
  ["selector a --state ", "the value of --state is empty"],
  ["selector", "no servers given"],
  ["selector a a", "a:80 is given twice"],
  ["selector a --kind fair", '--kind "fair" is none of random, history'],
  ["selector a --interval 0", "--interval 0 is not a number of seconds"],
];

for (const [args, told] of WRONG) {
  test(`${args} is wrong usage`, async () => {
    const { code, stderr } = await steelyard("run", "proxy", ...args.split(" "));
    assert.is(code, 2, stderr);
    assert.match(stderr, told);
  });
}

test.run();
