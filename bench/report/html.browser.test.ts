/** The page in a browser: nothing fails, nothing is fetched, nothing sticks out, everything can be read. */
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { needs } from "../../conformance/testing.ts";
import { chartFaults, contrastFaults, overflows, scrolled, unfold } from "./browser-checks.ts";
import type { Charts, Contrast } from "./browser-checks.ts";
import { makeBaseline } from "./fixture-baseline.ts";
import { makeHostile } from "./fixture-hostile.ts";
import { makeIncomplete, makeResults } from "./fixture.ts";
import { html } from "./html.ts";

const CHROMIUM = "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PAGES = {
  whole: makeResults,
  incomplete: makeIncomplete,
  hostile: makeHostile,
  compared: () => ({ ...makeResults(), baseline: makeBaseline() }),
} as const;
const WIDTHS = [380, 1400];
const SCHEMES = ["light", "dark"] as const;
const A4_PX = 718;

const test = suite("html in a browser");
const tool = { name: "chromium", present: isThere(CHROMIUM) };
const folder = mkdtempSync(join(tmpdir(), "steelyard-page-"));
let browser: Browser | undefined;

test.before(async () => {
  if (!tool.present) return;
  for (const [name, make] of Object.entries(PAGES)) {
    writeFileSync(join(folder, `${name}.html`), html(make()));
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
});

test.after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface View {
  readonly width: number;
  readonly colorScheme?: "light" | "dark";
  readonly media?: "screen" | "print";
}

/** What a page says while it is open. */
async function withPage(name: string, view: View, use: (page: Page) => Promise<void>) {
  const { width, colorScheme = "light", media = "screen" } = view;
  const page = await (browser as Browser).newPage({
    viewport: { width, height: 900 },
    colorScheme,
  });
  const told: string[] = [];
  page.on("console", (message) => told.push(message.text()));
  page.on("pageerror", (error) => told.push(String(error)));
  page.on("request", (request) => told.push(`request: ${request.url().slice(0, 8)}`));
  try {
    await page.emulateMedia({ media, colorScheme });
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    await use(page);
  } finally {
    await page.close();
  }
  assert.equal(told, ["request: file:///"]);
}

for (const name of Object.keys(PAGES)) {
  for (const width of WIDTHS) {
    needs(
      test,
      tool,
      `${name}: nothing overflows at ${width} px`,
      () =>
        withPage(name, { width }, async (page) => {
          assert.equal(await page.evaluate(overflows), []);
          await page.evaluate(unfold);
          assert.equal(await page.evaluate(overflows), [], "unfolded");
        }),
    );
  }
}

for (const colorScheme of SCHEMES) {
  needs(
    test,
    tool,
    `text has a contrast of at least 4.5 in ${colorScheme}`,
    () =>
      withPage("whole", { width: 1400, colorScheme }, async (page) => {
        await page.evaluate(unfold);
        const { checked, faults } = await page.evaluate<Contrast>(contrastFaults);
        assert.ok(checked > 500, `only ${checked} texts were looked at`);
        assert.equal(faults, []);
      }),
  );
}

needs(
  test,
  tool,
  "every chart has marks and stays inside of its frame",
  () =>
    withPage("whole", { width: 380 }, async (page) => {
      await page.evaluate(unfold);
      const { charts, faults } = await page.evaluate<Charts>(chartFaults);
      assert.ok(charts > 30, `only ${charts} charts`);
      assert.equal(faults, []);
    }),
);

needs(
  test,
  tool,
  "on paper it is light, fits the sheet, and has pages",
  () =>
    withPage("whole", { width: A4_PX, colorScheme: "dark", media: "print" }, async (page) => {
      assert.equal(await page.evaluate(overflows), []);
      const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      assert.is(paper, "rgb(255, 255, 255)");
      assert.ok(await pagesOf(page) >= 3);
    }),
);

needs(
  test,
  tool,
  "what is folded on a screen is printed",
  () =>
    withPage("whole", { width: A4_PX, media: "print" }, async (page) => {
      const folded = await pagesOf(page);
      await page.evaluate(unfold);
      assert.is(folded, await pagesOf(page), "pages, as if all were open");
      await page.evaluate('document.querySelectorAll("details").forEach((one) => one.remove())');
      assert.ok(folded > await pagesOf(page), "more than without");
    }),
);

needs(
  test,
  tool,
  "no table needs to be scrolled at 1400 px",
  () =>
    withPage("whole", { width: 1400 }, async (page) => {
      await page.evaluate(unfold);
      assert.equal(await page.evaluate(scrolled), []);
    }),
);

/** The number of sheets that it is printed on. */
async function pagesOf(page: Page): Promise<number> {
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

test.run();
