import { test } from "uvu";
import { loadGoldens } from "../engine/golden/load.ts";
import { testRules } from "../test-rules.ts";
import { proxySuite } from "./mod.ts";

testRules(proxySuite, ["proxy", "selector"], loadGoldens("proxy", "proxy"));

test.run();
