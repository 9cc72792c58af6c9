/** A proxy's counts over HTTP, at an address of its own: `/` as text, `/stats` as JSON. */
import { Buffer } from "node:buffer";
import { serveHttp, writeResponseHead } from "../http1/mod.ts";
import type { HttpServer } from "../http1/mod.ts";
import { usageText } from "./usage-text.ts";
import type { Usage } from "./usage.ts";

interface Page {
  readonly type: string;
  readonly write: (usage: Usage) => string;
}

const PAGES: ReadonlyMap<string, Page> = new Map([
  ["/", { type: "text/plain; charset=utf-8", write: usageText }],
  ["/stats", { type: "application/json", write: (usage) => `${JSON.stringify(usage)}\n` }],
]);

const METHODS = ["GET", "HEAD"];

/** Rejects with a NetError when the address is taken. */
export function serveControl(
  at: { readonly host: string; readonly port: number },
  usage: () => Usage,
): Promise<HttpServer> {
  return serveHttp(at, {
    onRequest(exchange) {
      const { method, target } = exchange.request;
      const answer = (reply: Partial<Reply>) =>
        exchange.answer(
          write({ ...PLAIN, close: !exchange.keepAlive, bodiless: method === "HEAD", ...reply }),
        );
      if (!METHODS.includes(method)) {
        return answer({ status: 405, body: `only ${METHODS.join(" and ")} are answered here\n` });
      }
      const [path = ""] = target.split("?");
      const page = PAGES.get(path);
      if (!page) return answer({ status: 404, body: "there is / and /stats\n" });
      answer({ type: page.type, body: page.write(usage()) });
    },
    refuse: ({ status, detail }) =>
      write({ ...PLAIN, status, body: `${detail}\n`, close: true }).toString("latin1"),
  });
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly close: boolean;
  readonly bodiless: boolean;
}

const PLAIN: Reply = {
  status: 200,
  type: "text/plain; charset=utf-8",
  body: "",
  close: false,
  bodiless: false,
};

function write({ status, type, body, close, bodiless }: Reply): Buffer {
  const bytes = Buffer.from(body);
  const head = writeResponseHead(status, [
    { name: "Content-Type", value: type },
    { name: "Content-Length", value: String(bytes.length) },
    { name: "Cache-Control", value: "no-store" },
    ...(status === 405 ? [{ name: "Allow", value: METHODS.join(", ") }] : []),
    ...(close ? [{ name: "Connection", value: "close" }] : []),
  ]);
  return Buffer.concat([Buffer.from(head, "latin1"), bodiless ? Buffer.alloc(0) : bytes]);
}
