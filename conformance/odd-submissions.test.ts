/** Submissions that are right in an unusual way must not fail, and one kind that is wrong must. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { check } from "./check.ts";
import { packageRoot } from "./engine/package.ts";
import { loadImplementation } from "./engine/run/implementation.ts";
import { redirectSuite } from "./redirect/mod.ts";
import { needs } from "./testing.ts";

const test = suite("odd submissions");

/** The verdicts by case, of a submission that `fill` puts into a folder. */
async function verdicts(fill: (folder: string) => void, only: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-odd-"));
  try {
    fill(folder);
    const implementation = await loadImplementation(folder, {
      ruleIds: redirectSuite.rules.map(({ id }) => id),
      caseIds: redirectSuite.cases.map(({ id }) => id),
    });
    const report = await check(redirectSuite, implementation, {
      selection: { only: [only] },
      on: "node",
      jobs: 2,
      seed: 1,
      fast: false,
      timeoutMs: undefined,
    });
    return [...new Set(report.cases.map(({ verdict }) => verdict))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function manifest(folder: string, role: string, spec: Record<string, unknown>): void {
  const text = JSON.stringify({ name: "odd", system: "redirect", roles: { [role]: spec } });
  writeFileSync(join(folder, "steelyard.json"), text);
}

needs(test, "python3", "a file of the same name in the folder is no hindrance", async () => {
  const fill = (folder: string) => {
    cpSync(join(packageRoot, "examples", "redirect-right"), folder, { recursive: true });
    writeFileSync(join(folder, "page.html"), "a page of the student's own");
  };
  assert.equal(await verdicts(fill, "redirect.client.{direct,no-file-on-error}"), ["pass"]);
});

needs(test, "python3", "a server with a folder of its own gets the files there", async () => {
  const fill = (folder: string) => {
    mkdirSync(join(folder, "public"));
    manifest(folder, "server", {
      run: ["python3", "-m", "http.server", "{port}", "--bind", "{host}"],
      cwd: "public",
      root: "public",
    });
  };
  assert.equal(await verdicts(fill, "redirect.server.{serves-identical,stays-in-root,404}"), [
    "pass",
  ]);
});

const ONE_TOO_MANY = `
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(os.path.join(sys.argv[2], self.path.lstrip("/")), "rb") as file:
            body = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + 1))
        self.end_headers()
        self.wfile.write(body)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
`;

needs(
  test,
  "python3",
  "a Content-Length that is one too large fails, though the content came",
  async () => {
    const fill = (folder: string) => {
      writeFileSync(join(folder, "server.py"), ONE_TOO_MANY);
      manifest(folder, "server", { run: ["python3", "server.py", "{port}", "{root}"] });
    };
    assert.equal(await verdicts(fill, "redirect.server.serves-identical/{html,png}"), ["fail"]);
  },
);

test.run();
