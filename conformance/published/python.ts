/** A Python that has the package which the published proxy imports. */
import { spawnSync } from "node:child_process";
import { Missing } from "./private-network.ts";

/** That of PATH may be one of many; Debian's package is for its own. */
const CANDIDATES = ["python3", "/usr/bin/python3"];

const QUESTION = "import requests, sys; print(sys.executable, requests.__version__)";

export interface Python {
  readonly path: string;
  readonly requestsVersion: string;
}

/** @throws {Missing} with what to install. */
export function pythonWithRequests(): Python {
  for (const candidate of CANDIDATES) {
    const { status, stdout } = spawnSync(candidate, ["-c", QUESTION], { encoding: "utf8" });
    const [path, requestsVersion] = stdout?.trim().split(" ") ?? [];
    if (status === 0 && path && requestsVersion) return { path, requestsVersion };
  }
  throw new Missing(
    `proxy.py needs the Python package requests, and neither of ${CANDIDATES.join(", ")} has it ` +
      "(Debian: apt-get install python3-requests)",
  );
}
