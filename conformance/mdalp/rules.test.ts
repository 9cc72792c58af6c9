import { test } from "uvu";
import { loadTraces } from "../engine/golden/load.ts";
import { testRules } from "../test-rules.ts";
import { mdalpSuite } from "./mod.ts";

const ROLES = ["client", "orchestrator", "receiver"];

testRules(mdalpSuite, ROLES, ROLES.flatMap((role) => loadTraces("mdalp", role)));

test.run();
