/** Answers whose body is a short HTML page. */
import { REASONS, writeResponseHead } from "../http1/mod.ts";
import type { Field } from "../http1/mod.ts";

const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: "The request could not be understood.",
  404: "There is no such file here.",
  405: "Only GET and HEAD are served here.",
  414: "The request line is too long.",
  431: "The request head is too large.",
  500: "The file could not be read.",
  501: "That method or coding is not known here.",
  503: "No server is left to send you to. Try again when the balancer has been restarted.",
  505: "That version of HTTP is not spoken here.",
};

/** A page as a whole message; without its body for a HEAD. */
export function page(
  status: number,
  options: { readonly close: boolean; readonly bodiless?: boolean; readonly fields?: Field[] },
): string {
  const title = `${status} ${REASONS[status] ?? ""}`.trim();
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n` +
    `<body><h1>${title}</h1><p>${EXPLANATIONS[status] ?? ""}</p></body></html>\n`;
  const fields: Field[] = [
    { name: "Content-Type", value: "text/html; charset=utf-8" },
    { name: "Content-Length", value: String(body.length) },
    ...(options.fields ?? []),
  ];
  if (options.close) fields.push({ name: "Connection", value: "close" });
  return writeResponseHead(status, fields) + (options.bodiless ? "" : body);
}

/** Text as it may stand in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  if (!/[&<>"']/.test(text)) return text;
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
