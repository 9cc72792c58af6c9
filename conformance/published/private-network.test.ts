import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { needs } from "../testing.ts";
import { Missing, outsidePath, privateNetworkCommand, SEARCH_PATH } from "./private-network.ts";

const test = suite("private network");

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function inside(folder: string, script: string): Ended {
  const fresh = join(folder, "tmp");
  mkdirSync(fresh);
  const [program, ...args] = privateNetworkCommand(fresh, ["bash", "-euc", script]);
  return spawnSync(program!, args, {
    encoding: "utf8",
    env: { ...process.env, PATH: SEARCH_PATH },
  });
}

function withFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "steelyard-test-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const namespaces = { name: "network namespaces", present: hasNamespaces() };

function hasNamespaces(): boolean {
  try {
    privateNetworkCommand("/", []);
    return true;
  } catch (error) {
    if (error instanceof Missing) return false;
    throw error;
  }
}

needs(test, namespaces, "the lab's addresses are there, and no others but loopback's", () => {
  withFolder((folder) => {
    const { stdout, stderr } = inside(folder, "ip -4 -o address | awk '{print $4}' | sort");
    assert.is(stderr, "");
    const expected = ["10", "11", "12", "20"].map((last) => `172.28.1.${last}/32`);
    assert.equal(stdout.trim().split("\n"), ["127.0.0.1/8", ...expected]);
  });
});

needs(test, namespaces, "the state file is the command's own", () => {
  withFolder((folder) => {
    const name = `steelyard-test-${process.pid}`;
    const { stdout } = inside(folder, `echo here > /tmp/${name}; cat /tmp/${name}`);
    assert.is(stdout, "here\n");
    assert.not.ok(existsSync(`/tmp/${name}`));
  });
});

needs(test, namespaces, "the caller's folder is seen, and a file can be left outside", () => {
  withFolder((folder) => {
    writeFileSync(join(folder, "given"), "given\n");
    const left = outsidePath(join(folder, "left"));
    const { stdout, stderr } = inside(folder, `cat ${folder}/given; echo left > ${left}`);
    assert.is(stderr, "");
    assert.is(stdout, "given\n");
    assert.is(readFileSync(join(folder, "left"), "utf8"), "left\n");
  });
});

needs(test, namespaces, "the exit code is the command's", () => {
  withFolder((folder) => assert.is(inside(folder, "exit 7").status, 7));
});

test.run();
