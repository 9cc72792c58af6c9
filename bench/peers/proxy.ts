/** The proxy reference against nginx and HAProxy: small bodies, a large one, and faulty servers. */
import { compareWithPeers } from "./compare.ts";
import { measureProxy, measureProxyFile } from "./measure-proxy.ts";
import { measureProxyFaults } from "./measure-proxy-faults.ts";

await compareWithPeers("proxy", {
  small: {
    what: "requests a second of a small body from three nginx servers, under wrk",
    tools: ["nginx", "wrk", "haproxy"],
    measure: measureProxy,
  },
  large: {
    what: "a body of 100 MB to several curls, and the proxy's memory",
    tools: ["nginx", "haproxy", "curl"],
    measure: measureProxyFile,
  },
  faults: {
    what: "10,000 requests with one server stopped, one silent, one resetting inside its answers",
    tools: [],
    measure: measureProxyFaults,
  },
});
