/** Implementations broken in one known way. */
import type { Runtime } from "../../src/net/mod.ts";
import type { Implementation } from "../engine/run/implementation.ts";

export function mutantNames(): string[] {
  return [];
}

export function mutantImplementation(_name: string, _on: Runtime): Implementation | undefined {
  return undefined;
}
