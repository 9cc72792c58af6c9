/**
 * The manifest of an implementation under test, `steelyard.json`.
 *
 * Source: DESIGN, "Manifest". What one schema cannot see (ids of rules, roles that name each other) is in
 * check.ts.
 */
import * as v from "valibot";
import { outsideProblem } from "./inside.ts";
import { templateProblem } from "./placeholder-parse.ts";
import { show } from "./manifest-error.ts";
import {
  bareStrict,
  listOf,
  nonEmpty,
  oneOf,
  recordOf,
  strict,
  text,
  wordProblem,
} from "./schema-parts.ts";

/** The roles of each system: the names that `roles` may have. */
export const ROLES = {
  redirect: ["server", "balancer", "client"],
  proxy: ["proxy", "selector"],
  mdalp: ["client", "orchestrator", "receiver"],
  directory: ["site", "cache"],
  medals: ["dispatcher", "frontend", "database"],
} as const;

export type System = keyof typeof ROLES;

export const SYSTEMS = Object.keys(ROLES) as [System, ...System[]];

/** The most processes of one role that a group starts: more is a slip, and would load the host. */
const MOST_OF_A_ROLE = 100;

const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGKILL"] as const;

const path = text(outsideProblem);

const template = text(templateProblem);

/** Judged again when its placeholders are known: then it is a path for certain. */
const pathTemplate = text((value) => outsideProblem(value) ?? templateProblem(value));

const variableName = text((name) =>
  name === "" || name.includes("=")
    ? `${show(name)} is no name of a variable; leave out = and do not leave it empty`
    : undefined
);

function portPatternProblem(pattern: string): string | undefined {
  try {
    // An empty alternative matches the empty string, and the match tells the number of groups.
    const groups = new RegExp(`${pattern}|`).exec("")!.length - 1;
    if (groups === 1) return undefined;
    return `${show(pattern)} has ${groups} capture groups and needs one, around the port: ` +
      '"port (\\\\d+)"';
  } catch (error) {
    return `${show(pattern)} is no regular expression (${(error as Error).message}); ` +
      'write one such as "port (\\\\d+)"';
  }
}

const command = v.pipe(
  listOf(template),
  v.minLength(
    1,
    'must not be empty; give the program and its arguments, such as ["python3", "server.py"]',
  ),
  v.check((run) => run[0] !== "", "the program, the first of the list, must not be empty"),
  v.description("The program and its arguments; {placeholders} are replaced in each case."),
);

const port = v.pipe(
  v.union(
    [
      oneOf(["listening", "given"], "way to find the port"),
      strict({ stdout: text(portPatternProblem) }),
    ],
    (issue) =>
      `must be "listening", "given" or {"stdout": "port (\\\\d+)"}; got ${show(issue.input)}`,
  ),
  v.description("How the port is found: seen listening, given as {port}, or read from stdout."),
);

const results = v.pipe(
  strict({ url: v.optional(template), file: v.optional(pathTemplate) }),
  v.check(
    ({ url, file }) => (url === undefined) !== (file === undefined),
    "must have either url or file",
  ),
  v.description("Where results that are not on the wire are read."),
);

const countProblem = (issue: v.BaseIssue<unknown>) =>
  `${show(issue.input)} must be a whole number >= 1 and <= ${MOST_OF_A_ROLE}`;

const count = v.pipe(
  v.number(countProblem),
  v.integer(countProblem),
  v.minValue(1, countProblem),
  v.maxValue(MOST_OF_A_ROLE, countProblem),
);

export const RoleSchema = strict({
  run: command,
  cwd: v.optional(v.pipe(path, v.description("Folder of the copy that the program starts in."))),
  port: v.optional(port),
  files: v.optional(v.pipe(
    recordOf(path, template),
    v.description("Files written into the copy before the start."),
  )),
  idle: v.optional(v.pipe(
    oneOf(["warp"], "way to pass idle time"),
    v.description("Runs under libfaketime where a rule has minutes in it."),
  )),
  saves: v.optional(v.pipe(
    pathTemplate,
    v.description("The file a client saves; by default the only new one."),
  )),
  env: v.optional(recordOf(variableName, template)),
  stop: v.optional(v.pipe(
    oneOf(STOP_SIGNALS, "signal"),
    v.description("The signal that ends it, SIGTERM by default."),
  )),
  startedBy: v.optional(v.pipe(
    nonEmpty,
    v.description("The role that starts this one; it is found by its port."),
  )),
  modes: v.optional(v.pipe(
    recordOf(nonEmpty, command),
    v.description("Other argument lists for the same role."),
  )),
  results: v.optional(results),
  root: v.optional(v.pipe(path, v.description("Folder of the copy that a server serves."))),
});

/** How one role of an implementation is started, found, stopped and read. */
export type RoleSpec = v.InferOutput<typeof RoleSchema>;

/** Entries by role. Typed by any string, since the suite looks roles up by a case's role. */
function byRole<const T extends v.GenericSchema>(roles: readonly string[], schema: T) {
  const entries: Record<string, v.OptionalSchema<T, undefined>> = {};
  for (const role of roles) entries[role] = v.optional(schema);
  return strict(entries, "role");
}

const ids = listOf(nonEmpty);

function manifestOf<const S extends System>(system: S) {
  const roles = ROLES[system];
  return bareStrict({
    $schema: v.optional(text()),
    name: nonEmpty,
    system: v.literal(system),
    roles: v.pipe(
      byRole(roles, RoleSchema),
      v.minEntries(1, `must not be empty; roles of ${system} are ${roles.join(", ")}`),
    ),
    group: v.optional(v.pipe(
      strict({ start: listOf(oneOf(roles, "role")), count: v.optional(byRole(roles, count)) }),
      v.description("Roles that are started together, in this order, and how many of each."),
    )),
    claims: v.optional(v.pipe(ids, v.description("Optional rules to be judged."))),
    lacks: v.optional(v.pipe(ids, v.description("Rules known not to be met."))),
    knownFailures: v.optional(v.pipe(
      recordOf(
        nonEmpty,
        text((start) =>
          start === "" ? "must not be empty; give the start of the message" : undefined
        ),
      ),
      v.description("Cases known to fail, with the start of their message."),
    )),
  });
}

export const ManifestSchema = v.variant("system", [
  manifestOf("redirect"),
  manifestOf("proxy"),
  manifestOf("mdalp"),
  manifestOf("directory"),
  manifestOf("medals"),
], (issue) => wordProblem(issue.input, SYSTEMS, "system"));

/** A manifest that is right in itself. */
export type Manifest = v.InferOutput<typeof ManifestSchema>;
