/** Usage counts as programs give them: lines of text, or JSON in whatever shape. */
import { plainAddress } from "./state-watch.ts";

/** Requests by the address that was selected; that of an empty file is "". */
export type UsageCounts = ReadonlyMap<string, number>;

/** `172.28.1.11: 6720 requests`, and `: 62 requests` where the file was empty. */
const LINE = /^[ \t]*(?:\S+[ \t]+)??(\S*?)[ \t]*[:=][ \t]*(\d+)[ \t]*(?:requests?|req)?[ \t]*$/gim;
const ADDRESS = /^(?:https?:\/\/)?((?:\d{1,3}\.){3}\d{1,3}(?::\d+)?)\/?$/;

/** What a text says, the last of each address: programs print them again and again. */
export function countsInText(text: string): UsageCounts {
  const counts = new Map<string, number>();
  for (const [line, address = "", count] of text.matchAll(LINE)) {
    const known = knownAddress(address);
    // Without the word, a colon and a number may be anything.
    if (known === undefined || known === "" && !/requests?\s*$/i.test(line)) continue;
    counts.set(known, Number(count));
  }
  return counts;
}

/** What JSON says: numbers by address, or objects that hold an address and a number. */
export function countsInJson(json: unknown): UsageCounts {
  const counts = new Map<string, number>();
  collect(json, counts);
  return counts;
}

function collect(json: unknown, counts: Map<string, number>): void {
  if (typeof json !== "object" || json === null) return;
  const own = Object.values(json).find((value) =>
    typeof value === "string" && ADDRESS.test(value.trim())
  );
  const ownCount = Array.isArray(json) ? undefined : numberIn(json);
  if (own !== undefined && ownCount !== undefined) counts.set(knownAddress(own)!, ownCount);
  for (const [key, value] of Object.entries(json)) {
    const address = Array.isArray(json) ? undefined : knownAddress(key);
    const count = typeof value === "number" ? value : numberIn(value);
    if (address !== undefined && count !== undefined) counts.set(address, count);
    else collect(value, counts);
  }
}

/** The number of an object that counts requests: named so, else its only one. */
function numberIn(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const numbers = Object.entries(value).filter(([, one]) => typeof one === "number");
  const named = numbers.find(([key]) => /^(requests?|counts?|total|uses?|usage)$/i.test(key));
  const [, count] = named ?? (numbers.length === 1 ? numbers[0] as [string, number] : []);
  return count as number | undefined;
}

/** Undefined for what is no address; the empty text is one here. */
function knownAddress(text: string): string | undefined {
  if (text.trim() === "") return "";
  const address = ADDRESS.exec(text.trim())?.[1];
  return address === undefined ? undefined : plainAddress(address);
}
