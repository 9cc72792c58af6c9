import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ManifestSchema } from "../engine/manifest/schema.ts";
import { missingPrograms, peerManifestPath, peerNames } from "./peers.ts";
import * as v from "valibot";

test("the peers are named", () => {
  assert.equal(peerNames(), [
    "caddy-proxy",
    "curl",
    "haproxy",
    "haproxy-proxy",
    "nginx",
    "nginx-proxy",
    "python-http-server",
    "wget",
  ]);
});

test("each peer has a valid manifest of its own name", () => {
  for (const name of peerNames()) {
    const manifest = v.parse(
      ManifestSchema,
      JSON.parse(readFileSync(peerManifestPath(name), "utf8")),
    );
    assert.is(manifest.name, name);
  }
});

test("an unknown peer is refused with the names that there are", () => {
  assert.throws(
    () => peerManifestPath("../nginx"),
    /unknown peer "..\/nginx"; peers are caddy-proxy, /,
  );
});

test("a program that is not installed is missing, once, wherever it is named", () => {
  const run = ["no-such-program-here", "{url}"];
  const manifest = { name: "x", roles: { client: { run, modes: { single: run } } } };
  assert.equal(missingPrograms(manifest), ["no-such-program-here"]);
});

test("a program that is installed is not missing", () => {
  assert.equal(missingPrograms({ name: "x", roles: { client: { run: ["sh"] } } }), []);
});

test("a program that a launcher starts is needed as well", () => {
  const manifest = { name: "nginx", roles: { server: { run: ["sh"] } } };
  assert.equal(missingPrograms(manifest, () => false), ["nginx", "sh"]);
});

test.run();
