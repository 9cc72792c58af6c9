/** Cases about which server a proxy asks, and what it does when that one, its file or its client fails. */
import type { Case } from "../engine/case.ts";
import { clientLeavesCases } from "./client-leaves.ts";
import { concurrentCases } from "./concurrent.ts";
import { countsCases } from "./counts.ts";
import { fileMissingCases } from "./file-missing.ts";
import { followsFileCases } from "./follows-file.ts";
import { serverDownCases } from "./server-down.ts";
import { serverSilentCases } from "./server-silent.ts";

export const steeringCases: readonly Case[] = [
  ...followsFileCases,
  ...serverDownCases,
  ...serverSilentCases,
  ...fileMissingCases,
  ...countsCases,
  ...concurrentCases,
  ...clientLeavesCases,
];
