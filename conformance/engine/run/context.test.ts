import { test } from "uvu";
import * as assert from "uvu/assert";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { latin1 } from "../bytes.ts";
import { processesWithToken } from "../process/mod.ts";
import { CaseFailure, CaseUnsupported } from "../verdict.ts";
import { Connection, exchange } from "../wire/connection.ts";
import type { CaseContext, Launched, LaunchOptions } from "./context.ts";
import { filesBelow, isInside } from "./files.ts";
import { LISTENER, withContext, withFolder } from "./test-kit.ts";

const DEADLINE_MS = 10_000;

async function told({ host, port }: Launched) {
  const message = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const { body } = await exchange(host, port, message, { deadlineMs: DEADLINE_MS });
  return JSON.parse(latin1(body)) as { files: string[]; args: string[]; own?: string };
}

async function failure(promise: Promise<unknown>): Promise<CaseFailure> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  assert.instance(error, CaseFailure);
  return error as CaseFailure;
}

/** A program of sh as the role server; `args` become $1, $2 ... */
function shell(script: string, ...args: string[]) {
  return { server: { run: ["sh", "-c", script, "sh", ...args], port: "given" as const } };
}

const LISTENING = { server: { run: [...LISTENER, "{port}"], port: "given" as const } };

test("each launch has a fresh copy of the submission, and leaves the submission alone", () =>
  withFolder(
    { "code.txt": "code" },
    (folder) =>
      withContext({ roles: LISTENING, folder }, async (context) => {
        for (let i = 0; i < 2; i++) {
          const { files } = await told(await context.launch("server", { values: {} }));
          assert.equal(files, ["code.txt"]);
        }
        assert.equal(readdirSync(folder), ["code.txt"]);
        assert.is(filesBelow(context.folder).filter((path) => path.endsWith("code.txt")).length, 2);
      }),
  ));

test("files of the manifest are written, into the copy and below the root", () => {
  const files = {
    "servers.txt": "{servers:lines}",
    "{root}/test.html": "for {host}:{port}",
  };
  const roles = { server: { ...LISTENING.server, files } };
  return withContext({ roles }, async (context) => {
    const root = join(context.folder, "root");
    mkdirSync(root);
    const launched = await context.launch("server", { values: { root, servers: ["a:1", "b:2"] } });
    assert.equal((await told(launched)).files, ["servers.txt"]);
    const copy = join(context.folder, "server-1");
    assert.is(readFileSync(join(copy, "servers.txt"), "utf8").trim(), "a:1\nb:2");
    assert.is(readFileSync(join(root, "test.html"), "utf8"), `for ${launched.address}`);
    assert.not(existsSync(join(copy, "{root}")));
  });
});

test("arguments and variables have their placeholders filled in", () => {
  const roles = {
    server: {
      run: [...LISTENER, "{port}", "--at={host}", "{servers}"],
      env: { OWN: "port {port}" },
      port: "given" as const,
    },
  };
  return withContext({ roles }, async (context) => {
    const launched = await context.launch("server", { values: { servers: ["a:1", "b:2"] } });
    const { args, own } = await told(launched);
    assert.equal(args, ["--at=127.0.0.1", "a:1", "b:2"]);
    assert.is(own, `port ${launched.port}`);
  });
});

test("the interval is 1 only when the case waits for it", () => {
  const roles = { server: { run: [...LISTENER, "{port}", "{interval}"], port: "given" as const } };
  return withContext({ roles }, async (context) => {
    const interval = async (options: LaunchOptions) =>
      (await told(await context.launch("server", options))).args[0];
    assert.is(await interval({ values: {}, waits: true }), "1");
    assert.is(await interval({ values: {}, waits: false }), "300");
    assert.is(await interval({ values: {} }), "300");
  });
});

test("a round of a program with its own interval may take as long as that", () =>
  withContext({ roles: LISTENING }, async (context) => {
    assert.is((await context.launch("server", { values: {}, waits: true })).roundMs, 330_000);
  }));

test("a role that does not listen is started in its mode, with its interval", () => {
  const run = ["sh", "-c", "echo run $0; sleep 60", "{interval}"];
  const modes = { other: ["sh", "-c", "echo other $0 $1; sleep 60", "{interval}", "{state}"] };
  return withContext({ roles: { server: { run, modes } } }, async (context) => {
    const pace = { waits: true, usualIntervalS: 5, values: { state: "here" } };
    const quiet = await context.startQuiet("server", { ...pace, mode: "other" });
    await new Promise<void>((done) => {
      if (quiet.process.output().stdout) done();
      else quiet.process.onOutput(() => done());
    });
    assert.is(quiet.process.output().stdout, "other 1 here\n");
    assert.equal([quiet.intervalMs, quiet.warped], [1000, false]);
    const usual = await context.startQuiet("server", { ...pace, waits: false });
    assert.is(usual.intervalMs, 5000);
    const unknown = context.startQuiet("server", { ...pace, mode: "third" });
    assert.instance(await unknown.catch((error) => error), CaseUnsupported);
  });
});

test("a role that exits before it listens is a failure with what it printed", () =>
  withContext({ roles: shell("echo its last words; echo oh >&2; exit 3") }, async (context) => {
    const { message, evidence } = await failure(context.launch("server", { values: {} }));
    assert.match(message, /exited with code 3/);
    assert.match(evidence.sent, /^started: sh -c /);
    assert.is(evidence.expected, "the server listens");
    assert.match(evidence.actual, /its last words\noh/);
  }));

test("a role that never listens is a failure after its time, with what it printed", () =>
  withContext({ roles: shell("echo thinking; sleep 1000") }, async (context) => {
    const began = performance.now();
    const { message, evidence } = await failure(
      context.launch("server", { values: {}, listenMs: 300 }),
    );
    assert.match(message, /never listened/);
    assert.match(evidence.actual, /thinking/);
    assert.ok(performance.now() - began < DEADLINE_MS);
  }));

test("a role that is not there is unsupported", () =>
  withContext({ roles: LISTENING }, async (context) => {
    const error = await context.launch("balancer", { values: {} }).then(() => {}, (e) => e);
    assert.instance(error, CaseUnsupported);
  }));

function client(script: string, saves?: string) {
  const run = ["sh", "-c", script, "sh", "{url}"];
  return { roles: { client: saves === undefined ? { run } : { run, saves } } };
}

const CLIENT_VALUES = { url: "http://127.0.0.1:1/page.html", basename: "page.html" };

test("a client runs to its end, and its output, exit code and files are known", () => {
  const made = client('echo "asked $1"; echo >&2 oops; echo x > new.txt; exit 4', "{basename}");
  return withContext(made, async (context) => {
    const ended = await context.runToEnd("client", CLIENT_VALUES, DEADLINE_MS);
    assert.is(ended.exitCode, 4);
    assert.ok(ended.endedInTime);
    assert.is(ended.output, `asked ${CLIENT_VALUES.url}\n\noops\n`);
    assert.is(ended.saves, "page.html");
    assert.equal([...ended.before], []);
    assert.equal(filesBelow(ended.folder), ["new.txt"]);
  });
});

test("a client that hangs is killed, with what it started", () =>
  withContext(client("sleep 1000 & echo waiting; sleep 1000"), async (context) => {
    const ended = await context.runToEnd("client", CLIENT_VALUES, 300);
    assert.not(ended.endedInTime);
    assert.is(ended.exitCode, null);
    assert.match(ended.output, /waiting/);
    assert.equal(context.processes[0]!.tree(), []);
    assert.match(context.log.toString(), /the client had not ended after 0\.3 s: killed/);
  }));

test("stand-ins and dead ports have ports of their own", () =>
  withContext({ roles: {} }, async (context) => {
    const ports: number[] = [];
    for (const name of ["one", "two"]) {
      ports.push((await context.standIn({ name, respond: () => {} })).port);
    }
    ports.push(await context.deadPort());
    assert.is(new Set(ports).size, 3);
    const dead = await Connection.open("127.0.0.1", ports[2] as number).then(() => {}, (e) => e);
    assert.instance(dead, Error);
  }));

test("the end of a case ends its programs and stand-ins, and removes its folder", async () => {
  let ended: CaseContext | undefined;
  let address = { host: "", port: 0 };
  let tree: () => number[] = () => [0];
  await withContext({ roles: shell("setsid sleep 1000 & sleep 1000") }, async (context) => {
    ended = context;
    address = await context.standIn({ name: "server", respond: () => {} });
    await failure(context.launch("server", { values: {}, listenMs: 200 }));
    const { mark } = context.processes[0]!;
    tree = () => processesWithToken(mark);
    assert.ok(tree().length >= 2, `${tree().length} processes`);
  });
  assert.equal(tree(), []);
  assert.not(existsSync(ended!.folder));
  const error = await Connection.open(address.host, address.port).then(() => {}, (e) => e);
  assert.instance(error, Error);
});

test("clean-ups run in reverse order, and at once when the case is over", async () => {
  const done: string[] = [];
  const add = (name: string) => () => Promise.resolve(void done.push(name));
  let ended: CaseContext | undefined;
  await withContext({ roles: {} }, (context) => {
    ended = context;
    context.onEnd(add("first"));
    context.onEnd(add("second"));
    return Promise.resolve();
  });
  assert.equal(done, ["second", "first"]);
  ended!.onEnd(add("late"));
  assert.is(done.at(-1), "late");
});

test("a program that was being started when the case ended does not outlive it", () =>
  withFolder({ "code.txt": "code" }, async (folder) => {
    let started: Promise<unknown> | undefined;
    let over: CaseContext | undefined;
    await withContext({ roles: shell("sleep 1000"), folder }, async (context) => {
      over = context;
      started = context.launch("server", { values: {} }).catch(() => {});
      // Its ports are taken and its copy is being made by now, or will be after the end.
      await context.deadPort();
    });
    await started;
    assert.ok(over!.processes.every(({ exit }) => exit !== null));
    assert.equal(over!.processes.flatMap((running) => running.tree()), []);
    assert.not(existsSync(over!.folder));
    const late = await over!.launch("server", { values: {} }).then(() => undefined, (e) => e);
    assert.is(late?.message, "the case is over");
  }));

test("random numbers depend on the seed and the case, and on nothing else", async () => {
  const draw = async (seed: number) => {
    let drawn: number[] = [];
    await withContext({ roles: {} }, ({ random }) => {
      drawn = Array.from({ length: 1000 }, random);
      return Promise.resolve();
    }, { seed });
    return drawn;
  };
  const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
  assert.equal(first, again);
  assert.not.equal(first, other);
  assert.ok(first.every((value) => value >= 0 && value < 1));
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  assert.ok(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
});

test("a failure shows what a program that crashed had printed", () =>
  withContext(client("echo segfault; exit 139"), async (context) => {
    await context.runToEnd("client", CLIENT_VALUES, DEADLINE_MS);
    const { evidence } = context.failure("no", { sent: "a", expected: "b", actual: "c" });
    assert.is(evidence.actual, "c\n--- the program ended, and had printed:\nsegfault");
  }));

for (
  const [what, stderr, told] of [
    ["a fault", "KeyError: 'x'", "--- the program wrote on stderr:\nKeyError: 'x'\n"],
    ["a request", '::1 - - "GET /Error HTTP/1.1" 200 -', ""],
  ] as const
) {
  test(`a failure shows what a program that goes on wrote of ${what}, before the log`, () => {
    const run = ["sh", "-c", 'echo "$0" >&2; echo said; sleep 60', stderr];
    return withContext({ roles: { server: { run } } }, async (context) => {
      const { process } = await context.startQuiet("server", { values: {} });
      const complete = () => process.output().stdout !== "" && process.output().stderr !== "";
      await new Promise<void>((done) => {
        process.onOutput(() => complete() && done());
        if (complete()) done();
      });
      const { evidence } = context.failure("no", {
        sent: "a",
        expected: "b",
        actual: "c\n--- the log:\nd",
      });
      assert.is(evidence.actual, `c\n${told}--- the log:\nd`);
    });
  });
}

test("inside is below, not beside", () => {
  assert.ok(isInside("/a/b", "/a/b/c"));
  assert.not(isInside("/a/b", "/a/bc"));
  assert.not(isInside("/a/b", "/a/b/../c"));
  assert.not(isInside("/a/b", "/a/b"));
});

test.run();
