/** Results as programs may show them: whatever shape says it is understood, and what does not is not. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withContext } from "../engine/run/test-kit.ts";
import { CaseUnsupported } from "../engine/verdict.ts";
import { hasNumber, readResults, RESULTS, sentenceIn, sharesIn, transactionIn } from "./results.ts";
import type { Servers } from "./servers.ts";

const test = suite("results");

const TID = 3740;
const OTHER = { tid: 3739, result: RESULTS.both, shares: [1, 2, 3] };
const OWN = { tid: TID, result: RESULTS.completed, shares: [10, 20, 30] };

const SHAPES: readonly (readonly [what: string, json: unknown])[] = [
  ["a list", [OTHER, OWN]],
  ["a map by TID", { "3739": OTHER, "3740": { result: RESULTS.completed, shares: [10, 20, 30] } }],
  ["a list below a name", { transactions: [OTHER, OWN], limit: 90 }],
  ["a map below a name", { results: { byTid: { "3740": OWN } } }],
  ["a TID as text", [{ ...OWN, tid: "3740" }]],
  ["another name of the TID", [{ transaction_id: TID, result: RESULTS.completed, shares: [1] }]],
  ["the only transaction", OWN],
];

for (const [what, json] of SHAPES) {
  test(`a transaction is found in ${what}`, () => {
    const fields = transactionIn(json, TID);
    assert.ok(fields);
    assert.is(sentenceIn(fields), RESULTS.completed);
  });
}

for (const json of [undefined, null, 3740, "3740", [], {}, [OTHER], { n: [[OTHER]] }]) {
  test(`no transaction is found in ${JSON.stringify(json)}`, () => {
    assert.is(transactionIn(json, TID), undefined);
  });
}

test("a sentence is one that begins as the published ones do", () => {
  assert.is(sentenceIn({ tid: TID, state: "open", result: null }), undefined);
  assert.is(sentenceIn({ text: RESULTS.violation, id: "Receiver 1" }), RESULTS.violation);
});

const RECEIVERS: readonly (readonly [what: string, fields: Record<string, unknown>])[] = [
  ["a list of numbers", { shares: [10, 20, 30] }],
  ["a map by address", { shares: { "127.1.1.2": 10, "127.1.1.3": 20, "127.1.1.4": 30 } }],
  ["objects of receivers", {
    receivers: [
      { address: "127.1.1.2", shares: 10 },
      { address: "127.1.1.3", shares: 20 },
      { address: "127.1.1.4", shares: 30 },
    ],
  }],
  ["objects by address", {
    receivers: {
      "127.1.1.2": { shares: 10, name: "x" },
      "127.1.1.3": { shares: 20, name: "y" },
      "127.1.1.4": { shares: 30, name: "z" },
    },
  }],
];

for (const [what, fields] of RECEIVERS) {
  test(`shares are found in ${what}`, () => {
    assert.equal(sharesIn({ tid: TID, ...fields }, 3).get("shares"), [10, 20, 30]);
  });
}

test("shares of another number of receivers, or in words, are none", () => {
  assert.is(sharesIn({ shares: [10, 20] }, 3).size, 0);
  assert.is(sharesIn({ shares: ["a", "b", "c"] }, 3).size, 0);
  assert.is(sharesIn({ receivers: [{ n: 1 }, { n: 2 }, { m: 3 }] }, 3).size, 0);
  assert.is(sharesIn({ receivers: [{ n: 1 }, null, { n: 3 }] }, 3).size, 0);
});

test("shares in percent are found, as numbers or as text", () => {
  assert.equal(sharesIn({ percent: [19.2, 40, 40.8] }, 3).get("percent"), [19.2, 40, 40.8]);
  assert.equal(sharesIn({ percent: ["19 %", "40%", "41"] }, 3).get("percent"), [19, 40, 41]);
  const texts = [{ share: "19 %" }, { share: "40 %" }, { share: "41 %" }];
  assert.equal(sharesIn({ receivers: texts }, 3).get("share"), [19, 40, 41]);
});

test("a number is found by its name, at any depth, also as text", () => {
  assert.ok(hasNumber({ elapsed: 3.5 }, /elapsed/));
  assert.ok(hasNumber({ receivers: [{ timeouts: 0 }] }, /timeout/));
  assert.ok(hasNumber({ elapsed: "3.5" }, /elapsed/));
  assert.not.ok(hasNumber({ elapsed: "long" }, /elapsed/));
  assert.not.ok(hasNumber({ elapsed: null }, /elapsed/));
  assert.not.ok(hasNumber({ started: 1 }, /elapsed/));
  assert.not.ok(hasNumber(undefined, /elapsed/));
});

/** Reads results as a manifest says. */
async function read(
  results: Record<string, string> | undefined,
  judge: (read: Awaited<ReturnType<typeof readResults>>) => void,
  files: Record<string, string> = {},
): Promise<void> {
  const orchestrator = { run: ["true"], ...(results ? { results } : {}) };
  const made = { roles: { orchestrator } } as Parameters<typeof withContext>[0];
  await withContext(made, async (context) => {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(context.folder, name), text);
    }
    const values = { host: "127.0.0.1", port: 4650 };
    const servers = { orchestrator: { cwd: context.folder, values } } as unknown as Servers;
    judge(await readResults(context, servers));
  });
}

test("a page is asked for as JSON and as text", async () => {
  const server = createServer(({ headers }, answer) => {
    const json = headers.accept === "application/json";
    answer.end(json ? JSON.stringify([OWN]) : `${headers.accept}: ${RESULTS.completed}`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const { port } = server.address() as AddressInfo;
    await read({ url: `http://{host}:${port}/` }, ({ text, json, where }) => {
      assert.is(text, `text/plain: ${RESULTS.completed}`);
      assert.equal(json, [OWN]);
      assert.is(where, `http://127.0.0.1:${port}/`);
    });
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

test("where nothing answers the results are empty", async () => {
  await read({ url: "http://127.0.0.1:1/" }, ({ text, json }) => {
    assert.is(text, "");
    assert.is(json, undefined);
  });
});

const FILES: readonly (readonly [what: string, text: string, json: unknown])[] = [
  ["JSON", JSON.stringify([OWN]), [OWN]],
  ["one object a line", `${JSON.stringify(OTHER)}\n${JSON.stringify(OWN)}\n`, [OTHER, OWN]],
  ["text", `3740: ${RESULTS.completed}\n`, undefined],
  ["nothing", "", undefined],
];

for (const [what, text, json] of FILES) {
  test(`a file of ${what} is read as it is`, async () => {
    await read({ file: "results.txt" }, (found) => {
      assert.is(found.text, text);
      assert.equal(found.json, json);
      assert.is(found.where, "results.txt");
    }, { "results.txt": text });
  });
}

test("a file that is not there yet is empty", async () => {
  await read({ file: "results.txt" }, ({ text, json }) => {
    assert.is(text, "");
    assert.is(json, undefined);
  });
});

test("a manifest without results cannot be judged by them", async () => {
  let told: unknown;
  await read(undefined, () => {}).catch((error) => told = error);
  assert.instance(told, CaseUnsupported);
  assert.match((told as Error).message, /give "results" of the orchestrator/);
});

test.run();
