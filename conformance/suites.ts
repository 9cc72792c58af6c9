/** The systems that have a suite: a new one is one line here. */
import type { Case, Rule, Suite } from "./engine/case.ts";
import { mdalpSuite } from "./mdalp/mod.ts";
import { proxySuite } from "./proxy/mod.ts";
import { redirectSuite } from "./redirect/mod.ts";

export const SUITES: readonly Suite[] = [redirectSuite, proxySuite, mdalpSuite];

export function allRules(): readonly Rule[] {
  return SUITES.flatMap(({ rules }) => rules);
}

export function allCases(): readonly Case[] {
  return SUITES.flatMap(({ cases }) => cases);
}

export function suiteOf(system: string): Suite | undefined {
  return SUITES.find((suite) => suite.system === system);
}
