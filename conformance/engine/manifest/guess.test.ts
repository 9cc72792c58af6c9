import { chmod } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readsArguments } from "./guess-arguments.ts";
import { configFilesIn } from "./guess-config.ts";
import { guessManifest } from "./guess.ts";
import { ROLE_GUESSES } from "./guess-table.ts";
import { ManifestError } from "./manifest-error.ts";
import { parseManifest } from "./parse.ts";
import { ROLES, SYSTEMS } from "./schema.ts";
import { rejection, withFolder } from "./test-folder.ts";

test("a redirect submission is found by its file names", async () => {
  const files = { "balancer2.py": "", "Client.py": "", "server_v1.py": "", "notes.txt": "" };
  await withFolder(files, async (folder) => {
    const { manifest, print } = await guessManifest(folder);
    assert.is(manifest.system, "redirect");
    assert.is(manifest.name, basename(folder));
    assert.equal(manifest.roles, {
      server: { run: ["python3", "server_v1.py"], port: "listening" },
      balancer: { run: ["python3", "balancer2.py", "{servers}"], port: "listening", idle: "warp" },
      client: { run: ["python3", "Client.py", "{url}"] },
    });
    assert.equal(
      parseManifest(JSON.parse(print), "x", { ruleIds: [], caseIds: [] }),
      manifest,
    );
  });
});

test("a balancer that opens a configuration gets one", async () => {
  await withFolder({ "balancer.py": 'with open("config.txt") as f:\n' }, async (folder) => {
    const { manifest } = await guessManifest(folder);
    assert.equal(manifest.roles["balancer"]?.files, { "config.txt": "{servers:lines}" });
    assert.equal(manifest.roles["balancer"]?.run, ["python3", "balancer.py", "{servers}"]);
  });
});

test("a proxy that takes arguments is given the state file, one of the lab's is not", async () => {
  const told = { "proxy.py": "STATE = sys.argv[1]\n", "selector.py": "import argparse\n" };
  await withFolder(told, async (folder) => {
    const { manifest } = await guessManifest(folder);
    assert.is(manifest.system, "proxy");
    assert.equal(manifest.roles, {
      proxy: { run: ["python3", "proxy.py", "{state}"], port: "listening" },
      selector: { run: ["python3", "selector.py", "{state}", "{servers}"] },
    });
  });
  const fixed = { "proxy.py": 'SELECTED_FILE = "/tmp/selected_server"\nPORT = 80\n' };
  await withFolder(fixed, async (folder) => {
    const { manifest } = await guessManifest(folder);
    assert.equal(manifest.roles, { proxy: { run: ["python3", "proxy.py"], port: "listening" } });
  });
});

test("arguments are seen in Python, JavaScript and a shell", () => {
  for (
    const source of [
      "sys.argv[1]",
      "process.argv",
      "Deno.args",
      "import argparse",
      'S="$1"',
      "${2:-x}",
    ]
  ) assert.ok(readsArguments(source), source);
  for (
    const source of ["", 'open("/tmp/selected_server")', "LOAD1=$(( RANDOM % 101 ))", '"$TARGET"']
  ) {
    assert.not(readsArguments(source), source);
  }
});

test("names of configurations are told from other names", () => {
  assert.equal(configFilesIn("open('conf/servers.cfg')"), {
    "conf/servers.cfg": "{servers:lines}",
  });
  assert.equal(configFilesIn('load("servers.json")'), { "servers.json": "{servers:json}" });
  for (
    const source of ['open("test.jpg")', 'open("/etc/hosts.conf")', 'open("../config.txt")', ""]
  ) {
    assert.is(configFilesIn(source), undefined, source);
  }
});

test("JavaScript and TypeScript run with node, programs as themselves", async () => {
  const files = { "server.ts": "", "client.js": "", "balancer": "#!/bin/sh\n", "server.txt": "x" };
  await withFolder(files, async (folder) => {
    await chmod(join(folder, "balancer"), 0o755);
    await chmod(join(folder, "server.txt"), 0o755);
    const { roles } = (await guessManifest(folder)).manifest;
    assert.equal(roles["server"]?.run, ["node", "server.ts"]);
    assert.equal(roles["client"]?.run, ["node", "client.js", "{url}"]);
    assert.equal(roles["balancer"]?.run, ["./balancer", "{servers}"]);
  });
});

test("two files for one role are named, and a manifest is asked for", async () => {
  const files = { "server.py": "", "server_old.py": "", "client.py": "", "client.js": "" };
  await withFolder(files, async (folder) => {
    const error = await rejection(guessManifest(folder), ManifestError);
    assert.is(error.code, "invalid");
    assert.is(error.problems.length, 2);
    assert.match(
      error.message,
      'role server could be "server.py" or "server_old.py"; write a steel',
    );
    assert.match(error.message, 'role client could be "client.js" or "client.py"');
  });
});

test("the system with most roles is taken, and a tie is not guessed", async () => {
  await withFolder({ "proxy.py": "", "selector.py": "", "client.py": "" }, async (folder) => {
    assert.is((await guessManifest(folder)).manifest.system, "proxy");
    assert.is((await guessManifest(folder, "redirect")).manifest.system, "redirect");
  });
  await withFolder({ "proxy.py": "", "client.py": "" }, async (folder) => {
    const error = await rejection(guessManifest(folder), ManifestError);
    assert.match(error.message, "could be of redirect or proxy; say which with --system");
  });
});

test("an MDALP client is found, and a folder without programs is not", async () => {
  await withFolder({ "mdalp_client.py": "" }, async (folder) => {
    const { manifest } = await guessManifest(folder);
    assert.is(manifest.system, "mdalp");
    const run = [
      "python3",
      "mdalp_client.py",
      "-a",
      "{orchestrator}",
      "-p",
      "{port}",
      "-f",
      "{file}",
    ];
    assert.equal(manifest.roles, { client: { run, idle: "warp" } });
    const error = await rejection(guessManifest(folder, "proxy"), ManifestError);
    assert.is(error.code, "not-found");
    assert.match(error.message, "no program named proxy*.py, selector*.py");
  });
  const missing = await rejection(guessManifest("/nonexistent/folder"), ManifestError);
  assert.is(missing.code, "unreadable");
});

test("an MDALP client's source tells its arguments and its modes", async () => {
  await withFolder({ "mdalp.py": "address, port, file = sys.argv[1:]\n" }, async (folder) => {
    const { client } = (await guessManifest(folder)).manifest.roles;
    assert.equal(client?.run, ["python3", "mdalp.py", "{orchestrator}", "{port}", "{file}"]);
    assert.is(client?.modes, undefined);
  });
  const source = 'add_argument("--ip"); add_argument("--file")\n' +
    'add_argument("-m", choices=[1, 2]); add_argument("-s")\n';
  await withFolder({ "mdalp.py": source }, async (folder) => {
    const { client } = (await guessManifest(folder)).manifest.roles;
    const run = ["python3", "mdalp.py", "--ip", "{orchestrator}", "--file", "{file}"];
    assert.equal(client?.run, run);
    assert.equal(client?.modes, { single: [...run, "-m", "2", "-s", "{id}"] });
  });
});

test("every role of every system can be guessed", () => {
  for (const system of SYSTEMS) {
    const guessed = ROLE_GUESSES.filter((guess) => guess.system === system).map(({ role }) => role);
    assert.equal(guessed.sort(), [...ROLES[system]].sort(), system);
  }
});

test.run();
