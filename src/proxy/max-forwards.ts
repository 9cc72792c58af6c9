/** How many more proxies a request may pass: RFC 9110, section 7.6.2. */
import { fieldValues } from "../http1/mod.ts";
import type { RequestHead } from "../http1/mod.ts";

const COUNTED = new Set(["OPTIONS", "TRACE"]);

/** For other methods the field says nothing, and goes on as it is. */
export function countsForwards(method: string): boolean {
  return COUNTED.has(method);
}

/** Whether this proxy is the last recipient. */
export function endsHere({ method, fields }: RequestHead): boolean {
  if (!countsForwards(method)) return false;
  return fieldValues(fields, "max-forwards").some((value) => /^0+$/.test(value));
}

/** The value to send on; what is no number stays as it is. */
export function oneForwardLess(value: string): string {
  if (!/^\d+$/.test(value)) return value;
  return String(Math.min(Number(value), Number.MAX_SAFE_INTEGER) - 1);
}
