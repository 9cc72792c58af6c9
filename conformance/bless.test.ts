import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "../src/net/mod.ts";
import { bless } from "./bless.ts";
import { packageRoot } from "./engine/package.ts";
import type { Implementation } from "./engine/run/implementation.ts";
import { withServer } from "./record/test-kit.ts";
import { reference } from "./reference.ts";

const own = reference("redirect", runtime) as Implementation;

interface Blessed {
  readonly code: number;
  readonly printed: string;
  read(name: string): string;
}

/** Blesses against a copy of the goldens, some of them replaced first. */
async function blessCopy(
  implementation: Implementation,
  only: readonly string[],
  replaced: Readonly<Record<string, (text: string) => string>>,
  judge: (blessed: Blessed) => void,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "steelyard-bless-"));
  try {
    cpSync(join(packageRoot, "golden"), join(root, "golden"), { recursive: true });
    const fileOf = (name: string) => join(root, "golden", "redirect", name);
    for (const [name, replace] of Object.entries(replaced)) {
      writeFileSync(fileOf(name), replace(readFileSync(fileOf(name), "utf8")));
    }
    const lines: string[] = [];
    const code = await bless([implementation], {
      selection: { only },
      on: runtime,
      jobs: 4,
      seed: 1,
      fast: true,
      timeoutMs: 20_000,
    }, { root, print: (line) => lines.push(line) });
    const read = (name: string) => readFileSync(fileOf(name), "utf8");
    judge({ code, printed: lines.join("\n"), read });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const original = (name: string) =>
  readFileSync(join(packageRoot, "golden", "redirect", name), "utf8");

test("rewrites the golden that fails, and only its received part", async () => {
  const stale = (text: string) => text.replace("HTTP/1.1 404 {{any}}", "HTTP/1.1 410 Gone");
  const only = ["redirect.server.404/*"];
  await blessCopy(own, only, { "server/404.file.http": stale }, ({ code, printed, read }) => {
    assert.is(code, 0, printed);
    assert.is(
      read("server/404.file.http"),
      original("server/404.file.http").replace("404 {{any}}", "404 Not Found"),
    );
    assert.is(read("server/404.folder.http"), original("server/404.folder.http"));
    assert.match(printed, "- HTTP/1.1 410 Gone\n");
    assert.match(printed, "+ HTTP/1.1 404 Not Found\n");
    assert.match(printed, /of 3 golden cases 1 failed; 1 rewritten, 0 refused/);
  });
});

test("rewrites a balancer's golden", async () => {
  const stale = (text: string) => text.replace("{{server}}/page", "{{server}}/other");
  const only = ["redirect.balancer.location/page"];
  await blessCopy(
    own,
    only,
    { "balancer/location.page.http": stale },
    ({ code, printed, read }) => {
      assert.is(code, 0, printed);
      assert.is(read("balancer/location.page.http"), original("balancer/location.page.http"));
    },
  );
});

test("refuses where the answer still varies, and leaves the file alone", async () => {
  // The first start is the case's own; the two after it are the recordings.
  const answers = ["500 A", "501 B", "502 C"].map((line) => `HTTP/1.1 ${line}\r\n\r\n`);
  await withServer(answers, async (implementation) => {
    await blessCopy(implementation, ["redirect.server.404/file"], {}, ({ code, printed, read }) => {
      assert.is(code, 1);
      assert.match(printed, /refused redirect\.server\.404\/file: the status line varies: .*501 B/);
      assert.is(read("server/404.file.http"), original("server/404.file.http"));
    });
  });
});

test("refuses a failure that is not in the golden's words", async () => {
  const answers = ["HTTP/1.1 500 A\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n<p>no</p>"];
  await withServer([...answers, answers[1] as string], async (implementation) => {
    await blessCopy(implementation, ["redirect.server.404/file"], {}, ({ code, printed }) => {
      assert.is(code, 1);
      assert.match(printed, /its answers fit .* as it is; what failed .*500 A/);
    });
  });
});

test("refuses a client's golden that fails, and says why", async () => {
  const broken = structuredClone(own) as { manifest: { roles: Record<string, unknown> } };
  broken.manifest.roles.client = { run: ["true"] };
  const implementation = broken as unknown as Implementation;
  await blessCopy(implementation, ["redirect.client.direct/page"], {}, ({ code, printed }) => {
    assert.is(code, 1);
    assert.match(printed, /refused redirect\.client\.direct\/page: what a golden of the client/);
  });
});

test("refuses a trace that fails, and says what to do instead", async () => {
  const mdalp = reference("mdalp", runtime) as Implementation;
  const broken = structuredClone(mdalp) as unknown as {
    manifest: { roles: Record<string, unknown> };
  };
  broken.manifest.roles.client = { run: ["true"] };
  const implementation = broken as unknown as Implementation;
  // Its keys are not those of an HTTP golden.
  const only = ["mdalp.client.retransmits/last"];
  await blessCopy(implementation, only, {}, ({ code, printed }) => {
    assert.is(code, 1);
    assert.match(
      printed,
      /refused mdalp\.client\.retransmits\/last: golden\/mdalp\/client\/\S+ is/,
    );
    assert.match(printed, /edit it by hand .* steelyard trace convert CAPTURE\.pcapng NEW\.trace/);
    assert.match(printed, /of 1 golden cases 1 failed; 0 rewritten, 1 refused/);
  });
});

test("has nothing to do where all golden cases pass", async () => {
  const only = ["redirect.server.404/file", "redirect.client.direct/page"];
  await blessCopy(own, only, {}, ({ code, printed }) => {
    assert.is(code, 0);
    assert.match(printed, /of 2 golden cases 0 failed/);
  });
});

test.run();
