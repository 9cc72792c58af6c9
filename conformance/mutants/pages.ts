/** Pages that say what they should not. */
import { writeResponseHead } from "../../src/http1/mod.ts";
import { page } from "../../src/redirect/mod.ts";

type PageOptions = Parameters<typeof page>[1];

/** A page for some statuses under another one. */
export function withStatus(of: readonly number[], instead: number): typeof page {
  return (status, options) => page(of.includes(status) ? instead : status, options);
}

export function plainText(status: number, { close, bodiless }: PageOptions): string {
  const body = `${status}: there is nothing\n`;
  const fields = [
    { name: "Content-Type", value: "text/plain" },
    { name: "Content-Length", value: String(body.length) },
  ];
  if (close) fields.push({ name: "Connection", value: "close" });
  return writeResponseHead(status, fields) + (bodiless ? "" : body);
}
