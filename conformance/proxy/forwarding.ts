/** Cases about what passes through a proxy: fixed exchanges, bodies, ends. */
import type { Case } from "../engine/case.ts";

export const forwardingCases: readonly Case[] = [];
