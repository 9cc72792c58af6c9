/** How proxies are broken in what they make of the state file: another way to read it, or to choose. */
import type { StateRead, Strategy, StrategyContext } from "../../src/proxy/mod.ts";
import { file, STATE_PATH } from "../../src/proxy/strategies/file.ts";
import { watchStateParts } from "../../src/proxy/watch-state.ts";
import type { Broken } from "./proxy-role.ts";

/** Another way to read the file. */
export const reading = (make: (path: string) => () => StateRead) => (): Broken => ({
  strategy(context) {
    const read = make(context.statePath ?? STATE_PATH);
    return file(context, { ...watchStateParts, read });
  },
});

/** Another choice than the file's. */
export const picking =
  (make: (pick: Strategy["pick"], context: StrategyContext) => Strategy["pick"]) => (): Broken => ({
    strategy(context) {
      const kept = file(context);
      return { ...kept, pick: make(kept.pick, context) };
    },
  });
