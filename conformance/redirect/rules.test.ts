import { test } from "uvu";
import { loadGoldens } from "../engine/golden/load.ts";
import { testRules } from "../test-rules.ts";
import { redirectSuite } from "./mod.ts";

const GOLDEN_ROLES = ["balancer", "client", "server"];

testRules(
  redirectSuite,
  [...GOLDEN_ROLES, "system"],
  GOLDEN_ROLES.flatMap((role) => loadGoldens("redirect", role)),
);

test.run();
