/** Answers a small body after so much work of its own: a server whose speed is known beforehand. */
import { serveHttp } from "../../src/http1/mod.ts";
import { serveLines } from "../process/lines.ts";

export interface SpinOrder {
  /** Microseconds of work for each request. */
  readonly spinUs: number;
  readonly body: string;
}

export function spinServer(): Promise<number> {
  return serveLines({ start });
}

async function start({ spinUs, body }: SpinOrder): Promise<{ port: number }> {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const server = await serveHttp({ host: "127.0.0.1", port: 0 }, {
    onRequest(exchange) {
      spin(spinUs);
      exchange.answer(answer);
    },
    refuse: () => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  });
  return { port: server.port };
}

function spin(us: number): void {
  const until = performance.now() + us / 1000;
  while (performance.now() < until);
}
