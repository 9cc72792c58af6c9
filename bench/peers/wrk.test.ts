import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseWrk } from "./wrk.ts";

const REPORT = `Running 1s test @ http://127.0.0.1:18701/a
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   687.86us  700.40us   6.62ms   93.10%
    Req/Sec    63.21k    13.53k   75.97k    80.00%
  63146 requests in 1.00s, 22.10MB read
Requests/sec:  62862.99
Transfer/sec:     22.00MB
`;

test("reads the rate and the count of a report", () => {
  assert.equal(parseWrk(REPORT), { requests: 63146, requestsPerSecond: 62862.99 });
});

test("refuses a report with socket errors", () => {
  const line = "  Socket errors: connect 0, read 12, write 0, timeout 0\n";
  assert.throws(() => parseWrk(REPORT.replace("Requests/sec", `${line}Requests/sec`)), /read 12/);
});

test("refuses a report with answers of the wrong status", () => {
  const line = "  Non-2xx or 3xx responses: 7\n";
  assert.throws(() => parseWrk(REPORT.replace("Requests/sec", `${line}Requests/sec`)), /: 7/);
});

test("refuses a report without a single answer", () => {
  assert.throws(() => parseWrk(REPORT.replace("63146 requests", "0 requests")), /no answer/);
});

test("quotes what is no report", () => {
  assert.throws(() => parseWrk("unable to connect"), /no rate.*unable to connect/);
});

test.run();
