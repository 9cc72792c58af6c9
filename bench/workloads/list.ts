/** The workloads, in the order in which they are run. A new one is a file here and a line. */
import type { Workload } from "../model.ts";
import { mdalp } from "./mdalp.ts";
import { peers } from "./peers.ts";
import { proxy } from "./proxy.ts";
import { redirect } from "./redirect.ts";

export const WORKLOADS: readonly Workload[] = [redirect, proxy, mdalp, peers];
