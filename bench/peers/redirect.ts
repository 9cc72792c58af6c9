/** The redirect reference against nginx and HAProxy: the balancer's 301, and a large file. */
import { compareWithPeers } from "./compare.ts";
import { measureFile } from "./measure-file.ts";
import { measureRedirect } from "./measure-redirect.ts";

await compareWithPeers("redirect", {
  "301": {
    what: "the balancer's answers under wrk",
    tools: ["nginx", "wrk", "haproxy"],
    measure: measureRedirect,
  },
  file: {
    what: "the server's large file to several curls, and its memory",
    tools: ["nginx", "curl"],
    measure: measureFile,
  },
});
