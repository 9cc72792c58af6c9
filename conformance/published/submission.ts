/** The published scripts as a submission in a folder: themselves, and a manifest. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../engine/manifest/mod.ts";
import type { Scripts } from "./extract.ts";

/** They name their state file, their port and their servers in their source, so nothing is given to them. */
export function publishedManifest(python: string): Manifest {
  const random = ["bash", "load_balancer.sh"];
  return {
    name: "published",
    system: "proxy",
    roles: {
      proxy: { run: [python, "proxy.py"], port: "listening" },
      selector: {
        run: random,
        modes: { random, history: [python, "ai_load_balancer.py"] },
        idle: "warp",
      },
    },
    claims: ["proxy.proxy.counts"],
  };
}

export function writeSubmission(folder: string, scripts: Scripts, python: string): void {
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text);
  const manifest = JSON.stringify(publishedManifest(python), null, 2);
  writeFileSync(join(folder, "steelyard.json"), `${manifest}\n`);
}
