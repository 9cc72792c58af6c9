import { test } from "uvu";
import * as assert from "uvu/assert";
import { clientArgumentsIn, singleModeIn } from "./guess-flags.ts";

const byPlace = ["{orchestrator}", "{port}", "{file}"];
const published = ["-a", "{orchestrator}", "-p", "{port}", "-f", "{file}"];

const sources: readonly (readonly [title: string, source: string, string[] | undefined])[] = [
  [
    "the published flags",
    `add_argument('-a', '--addr'); add_argument('-p',\n'--port'); add_argument('-f', '--file')`,
    published,
  ],
  [
    "long flags alone",
    `add_argument("--host"); add_argument("--port"); add_argument("--payload")`,
    ["--host", "{orchestrator}", "--port", "{port}", "--payload", "{file}"],
  ],
  [
    "no flag for the port: it is not given",
    `add_argument("-a"); add_argument("-f")`,
    ["-a", "{orchestrator}", "-f", "{file}"],
  ],
  [
    "flags, and the file by its place",
    `add_argument("-a"); add_argument("-p"); add_argument("file")`,
    ["-a", "{orchestrator}", "-p", "{port}", "{file}"],
  ],
  ["all by their place", `add_argument("ip"); add_argument("port"); add_argument("file")`, byPlace],
  ["argv by its place", "ip = sys.argv[1]", byPlace],
  ["argv imported by name", "from sys import argv\nip, port, file = argv[1:]", byPlace],
  ["flags looked for in argv", `file = sys.argv[sys.argv.index("-f") + 1]`, ["-f", "{file}"]],
  ["getopt", `opts, _ = getopt.getopt(sys.argv[1:], "ha:p:f:v")`, published],
  ["getopt without a file", `getopt.getopt(sys.argv[1:], "v")`, byPlace],
  [
    "parseArgs of node:util",
    `parseArgs({ options: { address: { short: "a" }, file: { type: "string", short: 'f' } } })`,
    ["-a", "{orchestrator}", "-f", "{file}"],
  ],
  ["flags of ping beside argv", `run(["ping", "-a", "-c", "3"]); ip = argv[1]`, byPlace],
  ["a usage line beside argv", `print("mdalp.py -a IP -f FILE"); ip = sys.argv[1]`, byPlace],
  ["nothing that tells", `"""Usage: mdalp.py -a IP -p PORT -f FILE"""\ndocopt(__doc__)`, undefined],
];

for (const [title, source, expected] of sources) {
  test(`arguments of a source: ${title}`, () => {
    assert.equal(clientArgumentsIn(source), expected);
  });
}

test("one receiver is asked for as published, and not where modes are others", () => {
  const single = ["-m", "2", "-s", "{id}"];
  for (const choices of ["[1, 2]", "(1,2)"]) {
    assert.equal(singleModeIn(`add("-m", choices=${choices}); add("-s")`), single);
  }
  for (
    const source of [
      `add("-m", choices=["on", "off"]); add("-s")`,
      `add("-m", choices=[1, 2])`,
      `add("-m"); add("-s")`,
      "",
    ]
  ) {
    assert.is(singleModeIn(source), undefined, source);
  }
});

test.run();
