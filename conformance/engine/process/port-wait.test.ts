import { test } from "uvu";
import * as assert from "uvu/assert";
import { NotListening } from "./errors.ts";
import { PortPool } from "./port-pool.ts";
import { currentPort, waitForPort } from "./port-wait.ts";
import { failureOf, LISTENER, printed, withPrograms } from "./test-kit.ts";

const deadlineMs = 20_000;
const pool = new PortPool();

/** Prints `before`, listens on two ports of its own in turn, then prints "both". */
const TWO_PORTS = [
  "node",
  "-e",
  `
  const { createServer } = require("node:net");
  const first = createServer().listen(0, "127.0.0.1", () => {
    process.once("SIGUSR2", () => {
      const second = createServer().listen(0, "127.0.0.1", () => console.log("both"));
    });
    // Only now: whoever reads it may send the signal at once.
    console.log("port " + first.address().port);
  });
`,
];

test("finds a given port, a random one, and a printed one", () =>
  withPrograms(async (start) => {
    const [expected] = await pool.take(1) as [number];
    const given = await start([...LISTENER, String(expected), "0.0.0.0"]);
    const found = await waitForPort(given, "given", { deadlineMs, expected });
    assert.equal(found, { port: expected, address: "0.0.0.0" });

    const random = await start(LISTENER);
    const { port } = await waitForPort(random, "listening", { deadlineMs });
    assert.is(port, Number((await printed(random, /port (\d+)\n/))[1]));

    const prints = await start(LISTENER);
    const spec = { stdout: "^port (\\d+)$" };
    const bound = await waitForPort(prints, spec, { deadlineMs });
    assert.is(bound.port, Number((await printed(prints, /port (\d+)\n/))[1]));
  }));

test("finds a port printed on stderr, among printed ports that nobody listens on", () =>
  withPrograms(async (start) => {
    const program = await start([
      "sh",
      "-c",
      'echo "port 1" >&2; exec "$@" >&2',
      "sh",
      ...LISTENER,
    ]);
    const bound = await waitForPort(program, { stdout: "port (\\d+)" }, { deadlineMs });
    assert.ok(program.output().stderr.includes(`port ${bound.port}\n`));
    assert.is.not(bound.port, 1);
  }));

test("finds the port of a daemon whose starter has exited", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", '(setsid "$@" &)', "sh", ...LISTENER]);
    await program.exited;
    const { port } = await waitForPort(program, "listening", { deadlineMs });
    assert.is(port, Number((await printed(program, /port (\d+)\n/))[1]));
  }));

test("finds a UDP port when asked to", () =>
  withPrograms(async (start) => {
    const [expected] = await pool.take(1) as [number];
    const bind = `require("node:dgram").createSocket("udp4").bind(${expected}, "127.0.0.9")`;
    const program = await start(["node", "-e", bind]);
    const bound = await waitForPort(program, "given", { deadlineMs, expected, protocol: "udp" });
    assert.equal(bound, { port: expected, address: "127.0.0.9" });
  }));

test("keeps the first port when a second one opens", () =>
  withPrograms(async (start) => {
    const program = await start(TWO_PORTS);
    const bound = await waitForPort(program, "listening", { deadlineMs });
    await printed(program, /port/);
    program.signal("SIGUSR2");
    await printed(program, /both/);
    assert.equal(currentPort(program, "listening"), bound);
  }));

for (const spec of ["listening", { stdout: "port (\\d+)" }] as const) {
  const title = typeof spec === "string" ? spec : "printed";
  test(`finds the new port after a re-bind (${title})`, () =>
    withPrograms(async (start) => {
      const program = await start(LISTENER);
      const before = await waitForPort(program, spec, { deadlineMs });
      await printed(program, /port/);
      program.signal("SIGUSR2");
      const after = Number((await printed(program, /port \d+\nport (\d+)\n/))[1]);
      assert.is.not(after, before.port);
      assert.is(currentPort(program, spec)?.port, after);
    }));
}

test("gives no port for a program that has stopped", () =>
  withPrograms(async (start) => {
    const program = await start(LISTENER);
    await waitForPort(program, "listening", { deadlineMs });
    await program.stop();
    assert.is(currentPort(program, "listening"), null);
  }));

test("a program that exits at once fails at once, with its code and its output", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "echo usage: me PORT >&2; exit 2"]);
    const error = await failureOf(waitForPort(program, "listening", { deadlineMs: 600_000 }));
    assert.instance(error, NotListening);
    assert.match(error.message, /exited with code 2 before it listened.\nstderr:\nusage: me PORT$/);
  }));

test("a program that is killed before it listens fails with the signal", () =>
  withPrograms(async (start) => {
    const program = await start(["sh", "-c", "kill -SEGV $$"]);
    const error = await failureOf(waitForPort(program, "listening", { deadlineMs: 600_000 }));
    assert.match(error.message, /was ended by SIGSEGV before it listened. It printed nothing/);
  }));

test("a program that never listens fails at the deadline", () =>
  withPrograms(async (start) => {
    const program = await start(["sleep", "600"]);
    const error = await failureOf(waitForPort(program, "listening", { deadlineMs: 50 }));
    assert.instance(error, NotListening);
    assert.match(error.message, /^sleep 600 never listened on any tcp port within 0.05 s\./);
  }));

test("a program that listens elsewhere is told where", () =>
  withPrograms(async (start) => {
    const [expected] = await pool.take(1) as [number];
    const program = await start(LISTENER);
    const { port } = await waitForPort(program, "listening", { deadlineMs });
    const error = await failureOf(waitForPort(program, "given", { deadlineMs: 50, expected }));
    assert.match(error.message, `never listened on tcp port ${expected} within 0.05 s`);
    assert.match(error.message, `but listens on tcp 127.0.0.1 port ${port}.`);
  }));

test("a port that another program holds does not count, and is said", () =>
  withPrograms(async (start) => {
    const [expected] = await pool.take(1) as [number];
    const other = await start([...LISTENER, String(expected)]);
    await waitForPort(other, "given", { deadlineMs, expected });
    const program = await start(["sleep", "600"]);
    const error = await failureOf(waitForPort(program, "given", { deadlineMs: 50, expected }));
    assert.match(error.message, `Another program holds port ${expected}.`);
  }));

test("a pattern without a group is refused", () =>
  withPrograms(async (start) => {
    const program = await start(["sleep", "600"]);
    const error = await failureOf(waitForPort(program, { stdout: "port \\d+" }, { deadlineMs }));
    assert.match(error.message, /has no group/);
  }));

test.run();
