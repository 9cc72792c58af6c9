import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../engine/package.ts";
import { needs } from "../testing.ts";
import { extractScripts, UnknownDocument } from "./extract.ts";
import { MINIATURE } from "./miniature.ts";

const test = suite("published scripts");
const REPORT = join(packageRoot, "..", "shared", "seeds", "proxy-lab.txt");

/** What Python and Bash say of scripts that they only parse. */
function syntaxErrors(scripts: ReturnType<typeof extractScripts>): string {
  const commands = [
    ["python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], "proxy.py"],
    ["python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], "ai_load_balancer.py"],
    ["bash", ["-n"], "load_balancer.sh"],
  ] as const;
  return commands.map(([program, args, name]) =>
    spawnSync(program, args, { input: scripts[name], encoding: "utf8" }).stderr
  ).join("");
}

function problemOf(document: string): string {
  try {
    extractScripts(document);
  } catch (error) {
    assert.instance(error, UnknownDocument);
    return (error as Error).message;
  }
  throw new Error("the document was taken");
}

test("a script in two pieces is joined, and each damage undone", () => {
  assert.is(
    extractScripts(MINIATURE)["proxy.py"],
    `request_count = {
    "172.28.1.12": 0
}
class Handler:
    def do_GET(self):
        try:
            try:
                self.end()
            except BrokenPipeError:
                pass
        except Exception as e:
            self.send_response(502)
if __name__ == "__main__":
    Handler()
`,
  );
});

test("a script that nothing happened to is taken as it is", () => {
  assert.is(extractScripts(MINIATURE)["load_balancer.sh"], "while true; do\n   sleep 5\ndone\n");
});

test("only the two damages of the third script are undone", () => {
  assert.is(
    extractScripts(MINIATURE)["ai_load_balancer.py"],
    "history = {\n   SERVER2: 0\n}\ndef select():\n   if 1 <= 2:\n       return SERVER2\n",
  );
});

test("lines may end as on Windows", () => {
  assert.equal(extractScripts(MINIATURE.replaceAll("\n", "\r\n")), extractScripts(MINIATURE));
});

test("a document without an appendix is refused", () => {
  assert.match(problemOf("Some other report\n"), 'it has no line "Appendix-3: proxy.py"');
});

test("an appendix in other pieces is refused", () => {
  assert.match(
    problemOf(MINIATURE.replace("```\n\n```\n", "")),
    '"Appendix-3: proxy.py" has 1 code blocks, and 2 were expected',
  );
});

test("a damage that is not there is named", () => {
  assert.match(
    problemOf(MINIATURE.replace("send response", "send_response")),
    "proxy.py: send_response lost its underscore: this was to be repaired in one place and is found in 0",
  );
});

test("a damage that is there twice is named", () => {
  assert.match(problemOf(MINIATURE.replace("1 <= 2:</pre>", "1:</pre>\n:</pre>")), "is found in 2");
});

needs(test, "python3", "the miniature's scripts parse", () => {
  assert.is(syntaxErrors(extractScripts(MINIATURE)), "");
});

if (existsSync(REPORT)) {
  needs(test, "python3", "the scripts of the report parse", () => {
    const scripts = extractScripts(readFileSync(REPORT, "utf8"));
    assert.is(syntaxErrors(scripts), "");
    assert.match(scripts["proxy.py"], "server.serve_forever()\n");
  });
} else {
  console.log("skipped: the scripts of the report parse: ../shared/seeds is not there");
}

test.run();
