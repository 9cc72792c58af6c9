/** The HTTP proxy steered by a selector: both roles, and what a server is chosen by. Rules: spec/proxy. */
export { startProxy } from "./proxy.ts";
export type { ProxyOptions } from "./proxy.ts";
export { proxyParts } from "./parts.ts";
export type { ProxyParts } from "./parts.ts";
export { Upstream, UpstreamTable } from "./upstream.ts";
export { Health } from "./health.ts";
export type { HealthOptions } from "./health.ts";
export type { Strategy } from "./strategy.ts";
export { createStrategy, STRATEGIES, STRATEGY_NAMES } from "./strategies.ts";
export type { StrategyContext, StrategyName } from "./strategies.ts";
export { file, STATE_PATH } from "./strategies/file.ts";
export { byHistory, byRandomLoad } from "./choose.ts";
export type { Choice, Choose } from "./choose.ts";
export { every } from "./every.ts";
export type { TickClock } from "./every.ts";
export { stateAddress } from "./state-address.ts";
export { readState, StateFileError, writeState } from "./state-file.ts";
export type { StateProblem, StateRead } from "./state-file.ts";
export { watchState, watchStateParts } from "./watch-state.ts";
export type { StateWatch, WatchStateParts } from "./watch-state.ts";
export { SELECTOR_INTERVAL_MS, SELECTOR_KINDS, selectorParts, startSelector } from "./selector.ts";
export type {
  Selection,
  Selector,
  SelectorKind,
  SelectorOptions,
  SelectorParts,
} from "./selector.ts";
export { pickText } from "./selector-text.ts";
export { usageOf } from "./usage.ts";
export type { UpstreamUsage, Usage } from "./usage.ts";
export { usageText } from "./usage-text.ts";
export { usageTable } from "./usage-table.ts";
export type { TableOutput, UsageTable } from "./usage-table.ts";
export { serveControl } from "./control.ts";
