/** The mutants of MDALP. */
import { dataMutants } from "./mdalp-client-data.ts";
import { flowMutants } from "./mdalp-client-flow.ts";
import { planMutants } from "./mdalp-client-plan.ts";
import type { MdalpMutant } from "./types.ts";

export const mdalpMutants: readonly MdalpMutant[] = [
  ...planMutants,
  ...flowMutants,
  ...dataMutants,
];
