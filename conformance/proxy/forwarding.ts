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
const BODY_INTACT = "proxy.proxy.body-intact";

/** What must hold before a rule's golden says anything: a fault fails its own rule alone. */
function needsOf(rule: string): Partial<Case> {
  if (rule === FORWARDS) return {};
  return { needs: rule === "proxy.proxy.encoding-kept" ? [FORWARDS, BODY_INTACT] : [FORWARDS] };
}

export const forwardingCases: readonly Case[] = [
  ...goldenCases("proxy", "proxy", playGolden).map((one): Case => ({
    ...one,
    ...needsOf(one.rule),
  })),
  ...bodyCases,
  ...fieldCases,
  ...postCases,
  ...truncatedCases,
];
