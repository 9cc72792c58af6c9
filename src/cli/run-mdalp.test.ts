/** MDALP as processes, each of which is killed at some moment: the others must end or go on, and say so. */
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fieldValue, request } from "../http1/mod.ts";
import { readMessage, RESULTS, writeAck, writeIntent, writePlan } from "../mdalp/mod.ts";
import type { OrchestratorStatus } from "../mdalp/mod.ts";
import { runArguments, runtime, udp } from "../net/mod.ts";
import type { DatagramHandler, UdpSocket } from "../net/mod.ts";
import { latch, within } from "../net/test-kit.ts";
import { EXIT } from "./usage.ts";

const test = suite("run mdalp");
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
/** Addresses and a port of this run's own: others may run beside it. */
const NET = `127.${process.pid % 200 + 20}.${Math.floor(process.pid / 200) % 250 + 1}`;
let port = 20_000 + process.pid % 10_000;
const ORCHESTRATOR = `${NET}.1`;

const folder = mkdtempSync(join(tmpdir(), "mdalp-run-"));
/** On three receivers at loopback speed it takes a while, so that there is a middle. */
const LONG = join(folder, "long.bin");
const SHORT = join(folder, "short.txt");
writeFileSync(LONG, Buffer.alloc(800_050, "0123456789"));
writeFileSync(SHORT, "A short text of more than one packet. ".repeat(40));

/** A role as a process, its output and its end. */
class Program {
  readonly name: string;
  output = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;
  #looks: (() => void)[] = [];

  constructor(role: string, ...args: string[]) {
    this.name = `${role} ${args.join(" ")}`;
    this.#child = spawn(
      process.execPath,
      [...runArguments(runtime), MAIN, "run", "mdalp", role, ...args],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PATH: "/nowhere" } },
    );
    started.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (bytes) => {
        this.output += bytes;
        for (const look of this.#looks) look();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        started.delete(this);
        resolve(code ?? signal ?? "");
      });
    });
  }

  /** Waits until the output holds this. */
  says(what: string | RegExp): Promise<void> {
    const { promise, open } = latch();
    const look = () =>
      (typeof what === "string" ? this.output.includes(what) : what.test(this.output)) && open();
    this.#looks.push(look);
    look();
    return within(`${what} of ${this.name}`, promise, 30_000).catch((error: Error) => {
      throw new Error(`${error.message}; it said: ${this.output}`);
    });
  }

  signal(name: NodeJS.Signals): void {
    // Not child.kill(): Deno then takes the signal for the end, whatever the exit code is.
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, name);
  }

  /** The exit code, or the signal that ended it. */
  ends(): Promise<number | string> {
    return within(`the end of ${this.name}`, this.#ended, 40_000);
  }

  kill(): Promise<number | string> {
    this.signal("SIGKILL");
    return this.ends();
  }
}

const started = new Set<Program>();
const sockets: UdpSocket[] = [];

/** A stand-in's socket, which the case need not close. */
async function bound(last: number, onDatagram: DatagramHandler): Promise<UdpSocket> {
  const socket = await udp.bind({ host: `${NET}.${last}`, port: port }, onDatagram);
  sockets.push(socket);
  return socket;
}

/** Exit code, with the output where it is another one. */
async function expectExit(program: Program, code: number): Promise<void> {
  assert.is(await program.ends(), code, program.output);
}

async function orchestrate(...args: string[]): Promise<Program> {
  const ports = ["--port", port, "--link-port", port + 1, "--status-port", port + 2].map(String);
  const program = new Program("orchestrator", "--host", ORCHESTRATOR, ...ports, ...args);
  await program.says("listening on");
  return program;
}

async function receive(last: number): Promise<Program> {
  const ports = ["--port", String(port), "--link-port", String(port + 1)];
  const program = new Program("receiver", "--host", `${NET}.${last}`, "-a", ORCHESTRATOR, ...ports);
  await program.says("receiving at");
  return program;
}

function send(file: string, ...args: string[]): Program {
  return new Program("client", "-a", ORCHESTRATOR, "-p", String(port), "-f", file, ...args);
}

async function get(path: string, accept = "*/*") {
  let body = "";
  const message =
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`;
  const head = await request(
    { host: ORCHESTRATOR, port: port + 2, message, connectMs: 5000, idleMs: 5000 },
    { onHead() {}, onData: (bytes) => body += new TextDecoder().decode(bytes) },
  );
  return { type: fieldValue(head.fields, "content-type"), body };
}

async function status(): Promise<OrchestratorStatus> {
  return JSON.parse((await get("/status.json")).body);
}

/** A case with programs: whatever is left of them is ended. */
function programs(name: string, body: () => Promise<void>): void {
  test(name, async () => {
    // What the last case used may not be free yet.
    port += 10;
    try {
      await body();
    } finally {
      for (const socket of sockets.splice(0)) socket.close();
      await Promise.all([...started].map((program) => program.kill()));
    }
  });
}

/** Asserts that a client is served by so many receivers. */
async function expectServed(receivers: number): Promise<void> {
  const client = send(SHORT, "--give-up", "8");
  await expectExit(client, EXIT.conforms);
  assert.match(client.output, `over ${receivers} receiver(s)`);
}

programs("a whole transfer, its result as JSON, text and a page, and a clean stop", async () => {
  const orchestrator = await orchestrate("--quiet", "1");
  const receivers = [await receive(2), await receive(3)];
  await orchestrator.says(/receiver address=[^]*receiver address=/);
  const client = send(SHORT, "--split", "greedy");
  await expectExit(client, EXIT.conforms);
  assert.match(client.output, "latencies measured by TCP connections");
  await orchestrator.says("ended");
  const { ended: [report] } = await status();
  assert.is(report?.result, RESULTS.completed);
  assert.is(report?.bytes, readFileSync(SHORT).length);
  assert.match((await get("/", "text/plain")).body, RESULTS.completed);
  assert.match((await get("/")).body, RESULTS.completed);
  for (const program of [...receivers, orchestrator]) {
    program.signal("SIGTERM");
    await expectExit(program, EXIT.conforms);
  }
});

programs("--quiet leaves the result alone, without a terminal there is no bar", async () => {
  await orchestrate("--quiet", "1");
  await receive(2);
  const client = send(SHORT, "--quiet");
  await expectExit(client, EXIT.conforms);
  assert.match(client.output, /^transaction \d+: \d+ bytes in [\d.]+ s\n {2}127\S+: .*\n$/);
});

programs("an address that is taken is told, with what to do", async () => {
  await orchestrate();
  const second = new Program(
    "orchestrator",
    "--host",
    ORCHESTRATOR,
    "--port",
    String(port + 5),
    "--link-port",
    String(port + 1),
    "--status-port",
    "0",
  );
  await expectExit(second, EXIT.fails);
  assert.match(second.output, `${ORCHESTRATOR}:${port + 1}: the address is in use; choose another`);
  const third = new Program(
    "orchestrator",
    "--host",
    ORCHESTRATOR,
    "--port",
    String(port),
    "--link-port",
    "0",
    "--status-port",
    "0",
  );
  await expectExit(third, EXIT.fails);
  assert.match(third.output, `${ORCHESTRATOR}:${port}: the address is in use; choose another`);
});

programs(
  "a receiver without an orchestrator, and a client of none, end with an error",
  async () => {
    const receiver = new Program(
      "receiver",
      "--host",
      `${NET}.2`,
      "-a",
      ORCHESTRATOR,
      "--link-port",
      String(port + 1),
    );
    await expectExit(receiver, EXIT.fails);
    assert.match(receiver.output, "connection refused");
    const client = send(SHORT, "--patience", "0.5");
    await expectExit(client, EXIT.fails);
    assert.match(client.output, `no plan came from ${ORCHESTRATOR}:${port} within 0.5 s`);
  },
);

programs("an empty file and one that is not there are told", async () => {
  const empty = join(folder, "empty");
  writeFileSync(empty, "");
  const client = send(empty);
  await expectExit(client, EXIT.fails);
  assert.match(client.output, "the payload is empty");
  const missing = send(join(folder, "missing"));
  await expectExit(missing, EXIT.usage);
  assert.match(missing.output, "cannot be read");
});

for (const role of ["client", "demo"]) {
  programs(`${role}: --server without --no-balance is told`, async () => {
    const program = new Program(role, SHORT, "--server", "2");
    await expectExit(program, EXIT.usage);
    assert.match(program.output, "--server 2 chooses the receiver of --no-balance; give both");
  });
}

programs("the orchestrator's address may be spelled otherwise, and must be one", async () => {
  await orchestrate("--quiet", "1");
  await receive(2);
  const [, second, third] = NET.split(".").map(Number);
  const spelled = `127.${second}.${256 * (third as number) + 1}`;
  await expectExit(
    new Program("client", "-a", spelled, "-p", String(port), SHORT, "--patience", "20"),
    EXIT.conforms,
  );
  const client = new Program("client", "-a", "::1", SHORT);
  await expectExit(client, EXIT.usage);
  assert.match(client.output, '--orchestrator "::1": looking up "::1": no IPv4 address');
});

/** When something is killed: what the orchestrator or the client shows by then. */
const MOMENTS: readonly [name: string, wait: (client: Program) => Promise<unknown>][] = [
  ["right after the plan", (client) => client.says("transaction ")],
  ["in mid data", () => untilPackets(200)],
  // Of 8001: on a busy machine many more go out until the kill.
  ["past the middle", () => untilPackets(4500)],
];

async function untilPackets(least: number): Promise<void> {
  for (;;) {
    const { current, ended } = await status();
    if (current && current.packets >= least) return;
    if (ended.length > 0) throw new Error(`it was over before ${least} packets could be seen`);
  }
}

for (const [moment, wait] of MOMENTS) {
  programs(`a receiver killed ${moment}: the client names it, the next one is served`, async () => {
    const orchestrator = await orchestrate("--quiet", "1");
    const victim = await receive(2);
    await receive(3);
    await orchestrator.says(/receiver address=[^]*receiver address=/);
    const client = send(LONG, "--give-up", "2");
    await wait(client);
    await victim.kill();
    await expectExit(client, EXIT.fails);
    // The survivor's part is refused too once the transaction is over; either may be named.
    assert.match(
      client.output,
      /receiver \S+ acknowledged \d+ of \d+ packets, then nothing for 2 s/,
    );
    await orchestrator.says("ended");
    const [ended] = (await status()).ended;
    // How much the victim had taken by then is left to chance; under a tenth is a violation too.
    const taken = ended?.receivers.map(({ packets }) => packets) ?? [];
    const tenth = taken.reduce((sum, packets) => sum + packets, 0) / 10;
    const violated = taken.some((packets) => packets < tenth);
    assert.is(ended?.result, violated ? RESULTS.both : RESULTS.incomplete);
    await expectServed(1);
    await receive(2);
    await orchestrator.says(/receiver-gone[^]*receiver address=/);
    await orchestrator.says(/ended[^]*ended/);
    await expectServed(2);
  });

  programs(`a client killed ${moment}: its transaction ends, the next one is served`, async () => {
    const orchestrator = await orchestrate("--quiet", "1", "--limit", "3");
    await receive(2);
    await receive(3);
    await orchestrator.says(/receiver address=[^]*receiver address=/);
    const client = send(LONG);
    await wait(client);
    assert.is(await client.kill(), "SIGKILL");
    await orchestrator.says("ended");
    assert.is.not((await status()).ended[0]?.result, RESULTS.completed);
    await expectServed(2);
  });

  programs(`an orchestrator killed ${moment}: receivers and client end with an error`, async () => {
    const orchestrator = await orchestrate();
    const receivers = [await receive(2), await receive(3)];
    await orchestrator.says(/receiver address=[^]*receiver address=/);
    const client = send(LONG, "--give-up", "2");
    await wait(client);
    await orchestrator.kill();
    for (const receiver of receivers) {
      await expectExit(receiver, EXIT.fails);
      assert.match(
        receiver.output,
        "the orchestrator is gone; start it and then the receiver again",
      );
    }
    await expectExit(client, EXIT.fails);
    assert.match(client.output, /acknowledged \d+ of \d+ packets, then nothing/);
  });
}

programs("an only receiver killed before the plan: the client waits for the next one", async () => {
  const orchestrator = await orchestrate("--quiet", "1");
  await (await receive(2)).kill();
  await orchestrator.says("receiver-gone");
  const client = send(SHORT);
  await orchestrator.says("no-receivers waiting=1");
  await receive(3);
  await expectExit(client, EXIT.conforms);
});

programs("a client killed before the plan costs the next one a limit, no more", async () => {
  const orchestrator = await orchestrate("--quiet", "1", "--limit", "2");
  const client = send(SHORT);
  await orchestrator.says("no-receivers waiting=1");
  await client.kill();
  await receive(2);
  await orchestrator.says("ended");
  await expectServed(1);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  programs(`a client that is stopped by ${signal} says how far it came`, async () => {
    await orchestrate("--quiet", "1");
    await receive(2);
    const client = send(LONG);
    await untilPackets(100);
    client.signal(signal);
    await expectExit(client, EXIT.fails);
    assert.match(client.output, new RegExp(`stopped by ${signal} after \\d+ of 8001 packets`));
  });
}

programs(
  "a client of a plan with hostile code runs none of it, and fails with the reason",
  async () => {
    const proof = join(folder, "proof");
    const code = `[__import__('os').system('touch ${proof}') or eval("1")]`;
    const orchestrator: UdpSocket = await bound(1, (_, from) => {
      orchestrator.send(Buffer.from(`Type:1;TID:5;DATA:${code};`), from);
    });
    const client = send(SHORT, "--patience", "1");
    await expectExit(client, EXIT.fails);
    assert.match(
      client.output,
      "a plan was refused, and nothing of it was run: DATA is no Python list",
    );
    assert.match(client.output, "no plan that can be read came from");
    assert.throws(() => readFileSync(proof), /ENOENT/);
  },
);

programs("one receiver is chosen, and a port that is closed is a dead receiver", async () => {
  const receivers = [2, 3].map((last) => ({ address: `${NET}.${last}`, name: "x" }));
  const orchestrator: UdpSocket = await bound(1, (datagram, from) => {
    if (Buffer.compare(datagram, writeIntent()) === 0) {
      orchestrator.send(writePlan(5, receivers), from);
    }
  });
  let packets = 0;
  const receiver: UdpSocket = await bound(3, (datagram, from) => {
    const message = readMessage(datagram);
    if (message.type === "data") {
      receiver.send(writeAck(5, message.seq), from);
    }
    packets++;
  });
  await expectExit(send(SHORT, "--no-balance", "--server", "2"), EXIT.conforms);
  assert.is(packets, Math.ceil(readFileSync(SHORT).length / 100));
  const client = send(SHORT, "--give-up", "1");
  await expectExit(client, EXIT.fails);
  assert.match(client.output, `receiver ${NET}.2:${port} acknowledged 0 of`);
  const outside = send(SHORT, "--no-balance", "--server", "3");
  await expectExit(outside, EXIT.fails);
  assert.match(outside.output, "receiver 3 is not in the plan, which has 2; choose 1 to 2");
});

test("the client loads nothing of the suite, nor the other roles", () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const imports = /^(?:import|export)\b(?!\s+type\b)[^"();=]*?from\s*"(\.[^"]+)"/gm;
    for (const [, target] of readFileSync(file, "utf8").matchAll(imports)) {
      visit(join(dirname(file), target as string));
    }
  };
  visit(MAIN);
  visit(join(dirname(MAIN), "run-mdalp-client.ts"));
  assert.ok([...seen].some((file) => file.endsWith("mdalp/sender.ts")), "the walk finds imports");
  const heavy = [...seen].filter((file) =>
    /\/(conformance|bench|redirect|http1)\/|orchestrator|receiver/.test(file)
  );
  assert.equal(heavy, []);
});

test.after(() => rmSync(folder, { recursive: true }));

test.run();
