/**
 * How fast heads are parsed, in one process: for comparing two versions of the parser on one machine,
 * never machines with each other. `npx bun bench/micro/parse.ts`, or with deno or node.
 */
import { Buffer } from "node:buffer";
import { Bench } from "tinybench";
import { Parser } from "../../src/http1/mod.ts";
import type { RequestHead } from "../../src/http1/mod.ts";

const WRK = "GET /page.html HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";
const BROWSER = "GET /files/nested/page.html?version=2 HTTP/1.1\r\nHost: localhost:8000\r\n" +
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n" +
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
  "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\n" +
  "Connection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n\r\n";

/** A task that parses one request a call, on a connection that goes on. */
function parsing(text: string, pieces: number): () => void {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / pieces);
  const parts = Array.from({ length: pieces }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  let heads = 0;
  const parser = new Parser<RequestHead>({ kind: "request", strict: true }, {
    onHead: () => heads++,
  });
  return () => {
    for (const part of parts) parser.push(part);
    if (heads === 0) throw new Error("the parser gave no head");
  };
}

const bench = new Bench({ time: 500, warmupTime: 100 });
bench.add("a request as wrk sends it", parsing(WRK, 1));
bench.add("a request as a browser sends it", parsing(BROWSER, 1));
bench.add("the same in eight pieces", parsing(BROWSER, 8));
await bench.run();
for (const { name, result } of bench.tasks) {
  if (!("latency" in result)) throw new Error(`${name} gave no figures`);
  const { p50, p99 } = result.latency;
  console.log(`${name}: median ${(p50 * 1000).toFixed(2)} us, p99 ${(p99 * 1000).toFixed(2)} us`);
}
