import { test } from "uvu";
import * as assert from "uvu/assert";
import { ManifestError } from "./manifest-error.ts";
import { parseManifest } from "./parse.ts";
import { type Manifest, ROLES, type RoleSpec, SYSTEMS } from "./schema.ts";

const known = { ruleIds: ["redirect.server.keep-alive"], caseIds: ["redirect.server.404/nested"] };

/** The manifest of DESIGN. */
const design = {
  $schema: "implementation.schema.json",
  name: "jdoe",
  system: "redirect",
  roles: {
    server: { run: ["python3", "server.py"], cwd: "server", port: { stdout: "port (\\d+)" } },
    balancer: {
      run: ["python3", "balancer.py", "{servers}"],
      files: { "config.txt": "{servers:lines}" },
      port: "listening",
      idle: "warp",
    },
    client: { run: ["python3", "client.py", "{url}"], saves: "{basename}" },
  },
  claims: ["redirect.server.keep-alive"],
  knownFailures: { "redirect.server.404/nested": "status 500" },
};

function problems(raw: unknown): readonly string[] {
  try {
    parseManifest(raw, "steelyard.json", known);
  } catch (error) {
    if (error instanceof ManifestError && error.code === "invalid") {
      for (const problem of error.problems) assert.ok(problem.startsWith("steelyard.json: "));
      return error.problems.map((problem) => problem.slice("steelyard.json: ".length));
    }
    throw error;
  }
  return [];
}

const serverWith = (more: object) => ({
  name: "x",
  system: "redirect",
  roles: { server: { run: ["s"], ...more } },
});

test("the manifest of the design is right and stays as it is", () => {
  const manifest: Manifest = parseManifest(design, "steelyard.json", known);
  assert.equal(manifest, design);
  const balancer: RoleSpec | undefined = manifest.roles["balancer"];
  const run: string[] = balancer!.run;
  assert.is(run.length, 3);
});

test("every key of a role is taken", () => {
  const more = {
    cwd: ".",
    port: "given",
    files: { "a/b": "{{}}" },
    saves: "out/{basename}",
    env: { PORT: "{port}" },
    stop: "SIGINT",
    modes: { single: ["s", "{file}"] },
    results: { url: "http://{host}:{port}/results" },
    root: "www",
  };
  assert.equal(problems(serverWith(more)), []);
});

test("each system has its own roles", () => {
  for (const system of SYSTEMS) {
    const roles = Object.fromEntries(ROLES[system].map((role) => [role, { run: ["x"] }]));
    assert.equal(problems({ name: "x", system, roles }), [], system);
    for (const role of ROLES[system]) {
      const other = SYSTEMS.find((name) => !(ROLES[name] as readonly string[]).includes(role))!;
      const [problem] = problems({ name: "x", system: other, roles: { [role]: { run: ["x"] } } });
      assert.match(problem!, `roles.${role}: unknown role; `);
    }
  }
});

test("groups name roles", () => {
  const medals = (group: object, startedBy = "dispatcher") => ({
    name: "x",
    system: "medals",
    roles: { dispatcher: { run: ["d"] }, frontend: { run: ["f"], startedBy } },
    group,
  });
  assert.equal(problems(medals({ start: ["dispatcher", "frontend"], count: { frontend: 3 } })), []);
  assert.equal(problems(medals({ start: ["dispatcher", "database"] })), [
    'group.start[1]: role "database" is not in roles; roles here are dispatcher, frontend',
  ]);
  assert.equal(problems(medals({ start: ["dispatchr"] })).slice(0, 1), [
    'group.start[0]: unknown role "dispatchr"; did you mean "dispatcher"?',
  ]);
  for (const count of [0, 101, 1.5, "3"]) {
    assert.equal(problems(medals({ start: ["frontend"], count: { frontend: count } })), [
      `group.count.frontend: ${JSON.stringify(count)} must be a whole number >= 1 and <= 100`,
    ]);
  }
  assert.match(problems(medals({ start: [], count: { frontend: 1 } }))[0]!, "not in group.start");
  assert.match(problems(medals({ start: ["frontend", "frontend"] }))[0]!, "use group.count");
  assert.match(problems(medals({ start: [] }, "frontend"))[0]!, "cannot start itself");
  assert.match(problems(medals({ start: [] }, "dispacher"))[0]!, 'did you mean "dispatcher"?');
});

test("an unknown key names its path and the likely key", () => {
  assert.equal(problems({ ...serverWith({}), roles: { server: { rnu: ["s"] } } }), [
    "roles.server.run: missing; it is required",
    'roles.server.rnu: unknown key; did you mean "run"?',
  ]);
});

test("all problems are listed, each once", () => {
  const raw = {
    nmae: "x",
    extra: 1,
    system: "redirect",
    roles: { sever: {}, balancr: {}, client: { run: [], cwd: "/", port: { stdot: "x" } } },
    claims: ["redirect.server.keepalive", 3],
    knownFailures: { "redirect.server.404/nestd": "x" },
  };
  assert.equal(problems(raw), [
    "name: missing; it is required",
    'roles.client.run: must not be empty; give the program and its arguments, such as ["python3", "server.py"]',
    'roles.client.cwd: "/" is absolute; give a path inside the submission\'s folder, such as data/config.txt',
    "roles.client.port.stdout: missing; it is required",
    'roles.client.port.stdot: unknown key; did you mean "stdout"?',
    'roles.sever: unknown role; did you mean "server"?',
    'roles.balancr: unknown role; did you mean "balancer"?',
    "claims[1]: must be a string; got 3",
    'nmae: unknown key; did you mean "name"?',
    "extra: unknown key; keys here are $schema, name, system, roles, group, claims, lacks, knownFailures",
    'claims[0]: unknown rule "redirect.server.keepalive"; did you mean "redirect.server.keep-alive"?',
    'knownFailures["redirect.server.404/nestd"]: unknown case; did you mean "redirect.server.404/nested"?',
  ]);
});

test("a misspelt system is named, and the rest is still checked", () => {
  assert.equal(problems({ ...serverWith({ rnu: 1 }), system: "redirct" }), [
    'system: unknown system "redirct"; did you mean "redirect"?',
    'roles.server.rnu: unknown key; did you mean "run"?',
  ]);
  const all = "it is one of redirect, proxy, mdalp, directory, medals";
  assert.equal(problems({ name: "x", roles: {} }), [`system: missing; ${all}`]);
  assert.equal(problems({ name: "x", system: 7, roles: {} }), [`system: unknown system 7; ${all}`]);
});

const wrong: readonly (readonly [object, string])[] = [
  [{ run: "s" }, 'roles.server.run: must be a list; got "s"'],
  [{ run: ["s", 1] }, "roles.server.run[1]: must be a string; got 1"],
  [{ run: [""] }, "roles.server.run: the program, the first of the list, must not be empty"],
  [
    { run: ["s", "{prot}"] },
    'roles.server.run[1]: unknown placeholder {prot}; did you mean "port"?',
  ],
  [{ modes: { a: [] } }, "roles.server.modes.a: must not be empty"],
  [{ env: { "A=B": "" } }, 'roles.server.env["A=B"]: "A=B" is no name'],
  [{ env: ["A"] }, 'roles.server.env: must be an object; got ["A"]'],
  [{ files: { "../x": "" } }, 'roles.server.files["../x"]: "../x" leaves the copy'],
  [{ saves: "/tmp/{basename}" }, 'roles.server.saves: "/tmp/{basename}" is absolute'],
  [{ port: "listning" }, 'roles.server.port: must be "listening", "given" or'],
  [{ port: 80 }, 'roles.server.port: must be "listening", "given" or {"stdout"'],
  [{ port: { stdout: "(" } }, 'roles.server.port.stdout: "(" is no regular expression'],
  [{ port: { stdout: "port" } }, 'roles.server.port.stdout: "port" has 0 capture groups'],
  [{ port: { stdout: "(a)(b)" } }, "has 2 capture groups and needs one"],
  [{ idle: "wrap" }, 'roles.server.idle: unknown way to pass idle time "wrap"; did you'],
  [{ stop: "SIGTREM" }, 'roles.server.stop: unknown signal "SIGTREM"; did you mean "SIGTERM"?'],
  [{ results: {} }, "roles.server.results: must have either url or file"],
  [{ results: { url: "a", file: "b" } }, "roles.server.results: must have either url or file"],
  [{ root: "a/../.." }, "roles.server.root: "],
];

for (const [more, message] of wrong) {
  test(`a role with ${JSON.stringify(more)} is refused`, () => {
    const found = problems(serverWith(more));
    assert.is(found.length, 1, found.join("\n"));
    assert.ok(found[0]!.includes(message), found[0]);
  });
}

test("a regular expression may hold groups that capture nothing", () => {
  assert.equal(problems(serverWith({ port: { stdout: "(?:port|at) (?<n>\\d+)" } })), []);
});

test("a claimed rule is not lacked", () => {
  const raw = { ...design, lacks: ["redirect.server.keep-alive"] };
  assert.equal(problems(raw), [
    'lacks[0]: "redirect.server.keep-alive" is in claims too; keep one of them',
  ]);
});

test("objects are not lists, and a manifest is an object", () => {
  assert.equal(problems({ name: "x", system: "redirect", roles: [] }), [
    "roles: must be an object; got []",
  ]);
  assert.equal(problems({ name: "x", system: "redirect", roles: {} }), [
    "roles: must not be empty; roles of redirect are server, balancer, client",
  ]);
  for (const raw of [null, [], "x", 1]) assert.match(problems(raw)[0]!, "must be a JSON object");
});

test("names of Object.prototype are unknown keys like others", () => {
  const raw = JSON.parse(
    '{"name":"x","system":"redirect","roles":{"server":{"run":["s"],' +
      '"__proto__":1,"constructor":2}}}',
  );
  assert.equal(problems(raw).map((problem) => problem.split(";")[0]), [
    "roles.server.__proto__: unknown key",
    "roles.server.constructor: unknown key",
  ]);
});

test("keys are shown so that a terminal does not obey them", () => {
  const [problem] = problems({ ...serverWith({}), "\x1b[2J": 1 });
  assert.match(problem!, '["\\u001b[2J"]: unknown key');
});

test("a flood of problems is cut", () => {
  const raw = { ...serverWith({}), claims: Array.from({ length: 80 }, (_, index) => `no${index}`) };
  const found = problems(raw);
  assert.is(found.length, 51);
  assert.is(found.at(-1), "and 30 more problems");
});

test.run();
