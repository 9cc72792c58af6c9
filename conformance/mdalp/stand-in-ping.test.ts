import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPing } from "../../src/mdalp/ping.ts";
import { writeStandInPing } from "./stand-in-ping.ts";

const test = suite("stand-in ping");

const folder = mkdtempSync(join(tmpdir(), "steelyard-ping-test-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const HOST = "127.20.30.2";
const ping = writeStandInPing(
  folder,
  new Map([[HOST, 160], ["127.20.30.3", 27.5], ["127.20.30.4", 0.1]]),
);
/** As a submission has it: found by its name. */
const env = { ...process.env, PATH: `${ping.folder}${delimiter}${process.env.PATH ?? ""}` };

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile("ping", args, { env }, (_error, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

const echoes = (
  out: string,
) => [...out.matchAll(/^64 bytes from ([\d.]+): icmp_seq=(\d+) ttl=64 time=([\d.]+) ms$/gm)];

/** How students read it. */
const SUMMARY = /min\/avg\/max\/mdev = ([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+) ms/;

const RUNS: readonly (readonly [args: string, echoed: number, counted: number])[] = [
  [`-c 3 ${HOST}`, 3, 3],
  [`-c3 ${HOST}`, 3, 3],
  [`${HOST} -c 2`, 2, 2],
  [`-n -q -W 1 -c 1 ${HOST}`, 0, 1],
  [`-nqc4 ${HOST}`, 0, 4],
  [`-i 0.2 -c 5 -s 56 ${HOST}`, 5, 5],
  [`-4 -c 1 -- ${HOST}`, 1, 1],
];

for (const [args, echoed, counted] of RUNS) {
  test(`ping ${args} tells the latency of ${counted} echoes and shows ${echoed}`, async () => {
    const { code, out, err } = await run(...args.split(" "));
    assert.is(code, 0, err);
    assert.match(out, new RegExp(`^PING ${HOST} \\(${HOST}\\) 56\\(84\\) bytes of data\\.\n`));
    assert.equal(
      echoes(out).map(([, host, seq, ms]) => [host, Number(seq), Number(ms)]),
      Array.from({ length: echoed }, (_, i) => [HOST, i + 1, 160]),
    );
    assert.match(out, `${counted} packets transmitted, ${counted} received, 0% packet loss`);
    assert.is(readPing(out), 160);
    assert.equal(SUMMARY.exec(out)?.slice(1, 4).map(Number), [159.8, 160, 160.2]);
  });
}

test("each address has its own latency, and none is below nothing", async () => {
  assert.is(readPing((await run("-c", "3", "127.20.30.3")).out), 27.5);
  assert.equal(
    SUMMARY.exec((await run("-c", "3", "127.20.30.4")).out)?.slice(1, 4).map(Number),
    [0, 0.1, 0.3],
  );
});

test("an address of nobody is an unknown host", async () => {
  const { code, out, err } = await run("-c", "3", "10.9.8.7");
  assert.is(code, 2);
  assert.is(out, "");
  assert.match(err, "ping: 10.9.8.7: Name or service not known");
  assert.is(readPing(out), undefined);
});

/** Starts one that goes on, and waits for its first echo. */
async function endless(signal: "SIGINT" | "SIGKILL"): Promise<Ended> {
  const child = spawn("ping", [HOST], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  child.stdout.on("data", (data) => {
    out += data;
    if (echoes(out).length > 0) child.kill(signal);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err: "" };
}

test("without a count it goes on until it is killed", async () => {
  const { code, out } = await endless("SIGKILL");
  assert.is(code, null);
  assert.is(readPing(out), undefined);
});

test("an interrupt ends it with its statistics", async () => {
  const { code, out } = await endless("SIGINT");
  assert.is(code, 0);
  assert.is(readPing(out), 160);
});

test("a deadline of 2 s ends it too", async () => {
  const { code, out } = await run("-w", "2", HOST);
  assert.is(code, 0);
  assert.is(echoes(out).length, 2);
});

test("it notes whom it was asked about, in order", async () => {
  const own = mkdtempSync(join(folder, "own-"));
  const other = writeStandInPing(own, new Map([[HOST, 1]]));
  assert.equal(other.asked(), []);
  const path = `${other.folder}${delimiter}${process.env.PATH ?? ""}`;
  for (const host of [HOST, "10.9.8.7", HOST]) {
    await new Promise((done) =>
      execFile("ping", ["-c1", host], { env: { ...process.env, PATH: path } }, done)
    );
  }
  assert.equal(other.asked(), [HOST, "10.9.8.7", HOST]);
  assert.match(readFileSync(join(other.folder, "ping"), "utf8"), /^#!\/bin\/sh\n/);
});

test.run();
