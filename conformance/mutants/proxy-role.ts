/** How proxies that break one rule are made: the reference with some of its parts replaced. */
import { proxyParts, startProxy, STRATEGIES } from "../../src/proxy/mod.ts";
import type { ProxyOptions, ProxyParts, Strategy, StrategyContext } from "../../src/proxy/mod.ts";
import type { Field } from "../../src/http1/mod.ts";
import type { ForwardingMutant, ProxyRoleParts } from "./types.ts";

/** What is not the reference's. */
export interface Broken extends Pick<Partial<ProxyRoleParts>, "usageText"> {
  readonly proxy?: Partial<ProxyParts>;
  /** Drivers and time limits. */
  readonly options?: Partial<ProxyOptions>;
  /** Stands for strategy `file`. */
  readonly strategy?: (context: StrategyContext) => Strategy;
}

/** `name` and `rule` without the part that all proxies share; `broken` runs once a process. */
export function proxy(
  rule: string,
  name: string,
  what: string,
  broken: () => Broken,
  more: Pick<ForwardingMutant, "related" | "args"> = {},
): ForwardingMutant {
  return {
    system: "proxy",
    role: "proxy",
    name: `proxy-${name}`,
    breaks: `proxy.proxy.${rule}`,
    what,
    ...more,
    parts() {
      const { proxy, options, strategy: file, usageText } = broken();
      return {
        start: (given) => startProxy({ ...given, ...options }, { ...proxyParts, ...proxy }),
        ...(file ? { strategies: { ...STRATEGIES, file } } : {}),
        ...(usageText ? { usageText } : {}),
      };
    },
  };
}

/** The reasons for rules that fail together, by the rules' names. */
export function related(
  reasons: Readonly<Record<string, string>>,
): Pick<ForwardingMutant, "related"> {
  const entries = Object.entries(reasons).map(([rule, why]) => [`proxy.proxy.${rule}`, why]);
  return { related: Object.fromEntries(entries) };
}

/** A head with more fields at its end. */
export function withFields(head: string, fields: readonly Field[]): string {
  const lines = fields.map(({ name, value }) => `${name}: ${value}\r\n`).join("");
  return `${head.slice(0, -2)}${lines}\r\n`;
}

/** The fields of these names. */
export function named(fields: readonly Field[], names: RegExp): Field[] {
  return fields.filter(({ name }) => names.test(name));
}

/** A list in which of fields of one name the last alone is left, as in a dictionary. */
export function lastOfEach(fields: readonly Field[]): Field[] {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  return [...byName.values()];
}
