/** Whom a balancer sends its clients to. */
import { Buffer } from "node:buffer";
import { nodeTcp } from "../../src/net/mod.ts";
import { ProgramError } from "../lifetime.ts";

const PATIENCE_MS = 10_000;

/**
 * Asks a balancer so many times, on one connection and all at once, and counts its answers'
 * `HOST:PORT`. Rejects with a NetError, or with a ProgramError where answers are missing.
 */
export async function redirectCounts(
  balancerUrl: string,
  times: number,
): Promise<Map<string, number>> {
  const { host } = new URL(balancerUrl);
  const one = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const last = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const text = await exchange(balancerUrl, one.repeat(times - 1) + last);
  const counts = new Map<string, number>();
  let answers = 0;
  for (const [, to = ""] of text.matchAll(/^Location: http:\/\/([^/]+)\//gm)) {
    counts.set(to, (counts.get(to) ?? 0) + 1);
    answers++;
  }
  if (answers === times) return counts;
  throw new ProgramError(`${balancerUrl} gave ${answers} redirects to ${times} requests`);
}

/** What comes until the server closes. */
function exchange(url: string, message: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const to = { host: hostname, port: Number(port), timeoutMs: PATIENCE_MS };
  return new Promise((resolve, reject) => {
    let text = "";
    nodeTcp.connect(to, (socket) => {
      socket.setIdleTimeout(PATIENCE_MS);
      return {
        onData: (bytes) => void (text += Buffer.from(bytes).toString("latin1")),
        onClose: (error) => error ? reject(error) : resolve(text),
      };
    }).then((socket) => socket.write(message), reject);
  });
}
