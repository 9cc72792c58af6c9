/** The entry point on every runtime. */
import process from "node:process";
import { main } from "./commands.ts";

process.exitCode = await main(process.argv.slice(2));
