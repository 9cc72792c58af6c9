/** The formats that results are written in. A new one is one file and one line here. */
import type { Results } from "../results.ts";
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";

export type Format = (results: Results) => string;

export const FORMATS: Readonly<Record<string, Format>> = { json, csv, markdown, html };
