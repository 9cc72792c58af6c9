/** `steelyard bench --list`: what there is to measure, and how long it takes. */
import { planMs } from "../../bench/run/estimate.ts";
import { asked } from "./bench-options.ts";
import { clock } from "./bench-progress.ts";

export async function benchList(
  names: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { planned, extent } = await asked(names, options);
  let wholeMs = 0;
  for (const { workload, plan } of planned) {
    wholeMs += planMs(plan);
    console.log(`${workload.name}: ${workload.summary}`);
    console.log(
      `  ${plan.setUps.length} set-ups, ${plan.rounds} rounds, about ${clock(planMs(plan))}`,
    );
    for (const { id } of plan.setUps) console.log(`    ${id}`);
    for (const { what, why } of plan.leftOut) console.log(`  left out: ${what}: ${why}`);
  }
  const more = extent === "quick" ? "; --full shows all of them" : "";
  console.log(`\nabout ${clock(wholeMs)} in all${more}`);
  return 0;
}
