import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Health } from "./health.ts";
import { UpstreamTable } from "./upstream.ts";
import { usageText } from "./usage-text.ts";
import { usageOf } from "./usage.ts";

const test = suite("usage");

function example() {
  const table = new UpstreamTable();
  Object.assign(table.at("172.28.1.11"), { requests: 6720, inFlight: 2, failures: 0 });
  Object.assign(table.at("172.28.1.12:8080"), { requests: 4888, inFlight: 3, failures: 62 });
  const health = new Health({ now: () => 0 });
  health.failed(table.at("172.28.1.12:8080"));
  return usageOf(table.all(), health, 1500);
}

test("counts each server and all of them", () => {
  assert.equal(example(), {
    uptimeMs: 1500,
    requests: 11608,
    inFlight: 5,
    failures: 62,
    upstreams: [
      {
        address: "172.28.1.11:80",
        label: "172.28.1.11",
        requests: 6720,
        inFlight: 2,
        failures: 0,
        resting: false,
      },
      {
        address: "172.28.1.12:8080",
        label: "172.28.1.12:8080",
        requests: 4888,
        inFlight: 3,
        failures: 62,
        resting: true,
      },
    ],
  });
});

test("is a picture: later requests are not in it", () => {
  const table = new UpstreamTable();
  const usage = usageOf([table.at("a")], new Health({ now: () => 0 }), 0);
  table.at("a").requests++;
  assert.is(usage.upstreams[0]?.requests, 0);
});

test("is printed as the lab's proxy prints it", () => {
  assert.is(
    usageText(example()),
    "\n=== Server Usage Stats ===\n172.28.1.11: 6720 requests\n" +
      "172.28.1.12:8080: 4888 requests\n========\n\n",
  );
});

test("no label drives the terminal", () => {
  const [first] = example().upstreams;
  const usage = { ...example(), upstreams: [{ ...first!, label: "\x1b[2Ja\n" }] };
  assert.match(usageText(usage), "?[2Ja?: 6720 requests\n");
});

test.run();
