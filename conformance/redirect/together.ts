/** The case for all three roles together. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../engine/case.ts";
import { differenceOf } from "../engine/golden/match.ts";
import type { CaseContext } from "../engine/run/context.ts";
import { fixture, makeRoot } from "../engine/fixtures.ts";
import { savedFile } from "./client.ts";

const FILES = 50;
const AT_ONCE = 2;
const CLIENT_MS = 30_000;

/** Fifty files from 0 to 65 kB with every byte value in them, from the case's own seed. */
function makeFiles(context: CaseContext): Map<string, Uint8Array> {
  const random = context.random;
  const files = new Map<string, Uint8Array>();
  const source = fixture("large.bin");
  for (let i = 0; i < FILES; i++) {
    const size = i === 0 ? 0 : Math.floor(2 ** (random() * 16));
    const start = Math.floor(random() * (source.length - size));
    files.set(`file-${String(i).padStart(2, "0")}.bin`, source.subarray(start, start + size));
  }
  return files;
}

async function filesIntact(context: CaseContext): Promise<void> {
  const files = makeFiles(context);
  const roots = ["a", "b", "c"].map((name) => join(context.folder, name, "root"));
  for (const root of roots) {
    makeRoot(root);
    for (const [name, bytes] of files) writeFileSync(join(root, name), bytes);
  }
  const servers = await Promise.all(
    roots.map((root) => context.launch("server", { values: { root } })),
  );
  const balancer = await context.launch("balancer", {
    values: { servers: servers.map((server) => server.address) },
  });
  const queue = [...files.keys()];
  const worker = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      await fetchOne(context, balancer.address, name, files.get(name) as Uint8Array);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function fetchOne(context: CaseContext, address: string, name: string, bytes: Uint8Array) {
  const url = `http://${address}/${name}`;
  const ended = await context.runToEnd("client", { url, basename: name }, CLIENT_MS);
  const saved = savedFile(ended, name);
  const reason = saved ? differenceOf(bytes, saved.bytes) : "it was not saved";
  if (!reason) return;
  throw context.failure(`${name} did not come through intact: ${reason}`, {
    sent: `three servers, a balancer over them, and the client with ${url}`,
    expected: `a file ${name} with its ${bytes.length} bytes`,
    actual: `${reason}\nthe client printed:\n${ended.output.trim().slice(0, 1500)}`,
  });
}

export const togetherCases: readonly Case[] = [
  {
    id: "redirect.system.files-intact",
    rule: "redirect.system.files-intact",
    title: "Fifty files come through servers, balancer and client byte for byte",
    roles: ["server", "balancer", "client"],
    run: filesIntact,
  },
];
