/** How a method that is not served is refused: RFC 9110, sections 15.5.6 and 15.6.2. */
const KNOWN = new Set(["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"]);

export const ALLOW = { name: "Allow", value: "GET, HEAD" };

/** 405 for a method that is known but not served, 501 for another; undefined for GET and HEAD. */
export function methodRefusal(method: string): 405 | 501 | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  return KNOWN.has(method) ? 405 : 501;
}
