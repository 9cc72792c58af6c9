/** Cases about what passes through a proxy: fixed exchanges, bodies, fields, ends. */
import type { Case } from "../engine/case.ts";
import { goldenCases } from "../engine/golden/load.ts";
import { bodyCases } from "./bodies.ts";
import { fieldCases } from "./fields.ts";
import { playGolden } from "./play-golden.ts";
import { postCases } from "./posting.ts";
import { truncatedCases } from "./truncated.ts";

/** The ground of all others: where nothing passes, nothing passes rightly. */
const FORWARDS = "proxy.proxy.forwards";

export const forwardingCases: readonly Case[] = [
  ...goldenCases("proxy", "proxy", playGolden).map((one): Case =>
    one.rule === FORWARDS ? one : { ...one, needs: [FORWARDS] }
  ),
  ...bodyCases,
  ...fieldCases,
  ...postCases,
  ...truncatedCases,
];
