/** On what and how it was measured. */
import type { Results } from "../results.ts";
import type { Grid } from "./grid.ts";
import { bytesText } from "./numbers.ts";

export function environmentGrid(results: Results): Grid {
  const { environment: on, rate } = results;
  const loads = (averages: readonly number[]) => averages.map((one) => one.toFixed(2)).join(", ");
  return {
    caption: "environment",
    columns: [{ title: "what", align: "left" }, { title: "value", align: "left", prose: true }],
    rows: [
      ["processor", `${on.cpu}, cores: ${on.cores}`],
      ["governor", on.governor ?? "not told by the system"],
      ["memory", bytesText(on.memoryBytes)],
      ["kernel", on.kernel],
      ["load average before (1, 5, 15 min)", loads(on.loadBefore)],
      ["load average after (1, 5, 15 min)", loads(on.loadAfter)],
      ["measured by", on.runner],
      ["versions", Object.entries(on.versions).map(([name, is]) => `${name} ${is}`).join(", ")],
      ["steelyard", `${on.version}, revision ${on.revision ?? "unknown"}`],
      ["load", rate === null ? "closed loop" : `open loop, ${rate} requests/s`],
      ["extent", results.extent],
      ["seed", String(results.seed)],
      ["started", results.started],
      ["took", `${(results.durationMs / 1000).toFixed(1)} s`],
    ],
  };
}
