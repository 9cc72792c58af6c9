/** By what the messages that passed here are known: RFC 9110, section 7.6.3. */
import { fieldValues } from "../http1/mod.ts";
import type { Field } from "../http1/mod.ts";

/** Of this process alone: another proxy of this program may well stand before it or behind it. */
const NAME = `steelyard-${crypto.randomUUID().slice(0, 8)}`;

export const VIA = `1.1 ${NAME}`;

/** Whether a message that has these fields passed here before: it would go round for ever. */
export function cameBack(fields: readonly Field[]): boolean {
  return fieldValues(fields, "via").some((value) =>
    value.split(",").some((hop) => hop.trim().split(/[ \t]+/)[1] === NAME)
  );
}
