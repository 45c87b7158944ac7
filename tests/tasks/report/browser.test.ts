import { assert, assertEquals } from "@std/assert";
import { readResults } from "../../../tasks/report/read_results.ts";
import { writeReport } from "../../../tasks/report/write.ts";
import { canDraw } from "../figures/drawing.ts";
import { contrast, type Rgb } from "./contrast.ts";
import { experimentFolder } from "./fixtures.ts";

const exists = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};

const executablePath = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find(exists);

interface Locator {
  count(): Promise<number>;
  first(): Locator;
  locator(selector: string): Locator;
  allTextContents(): Promise<string[]>;
  innerText(): Promise<string>;
}

interface Page {
  goto(address: string): Promise<unknown>;
  title(): Promise<string>;
  locator(selector: string): Locator;
  evaluate<T>(code: string): Promise<T>;
  emulateMedia(options: { media: "print" }): Promise<void>;
  on(event: string, listener: (what: { text?(): string; url?(): string }) => void): void;
}

interface Browser {
  newPage(options: Readonly<Record<string, unknown>>): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: { launch(options: Readonly<Record<string, unknown>>): Promise<Browser> };
}

/** A name that Deno does not resolve beforehand, so that checks need no registry. */
const PLAYWRIGHT = "playwright-core";
const playwright: Playwright | undefined = executablePath && canDraw
  ? await import(PLAYWRIGHT).catch(() => undefined)
  : undefined;

interface Words {
  readonly text: string;
  readonly colour: string;
  readonly paper: string;
}

/** Every element with words of its own, its colour, and that of what lies behind it. */
const wordsOn = (page: Page): Promise<Words[]> =>
  page.evaluate(`(() => {
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
      }
    };
    return [...document.body.querySelectorAll("*")]
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .map((element) => ({
        text: element.textContent.slice(0, 40),
        colour: getComputedStyle(element)[element.closest("svg") ? "fill" : "color"],
        paper: behind(element),
      }));
  })()`);

function rgbOf(css: string): Rgb {
  const [r, g, b] = css.match(/[\d.]+/g)!.map(Number);
  return [r, g, b];
}

/** What reaches out of the window to the right, but for what its own box lets scroll. */
const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.body.querySelectorAll("*")]
    .filter((element) => !element.closest("svg *") && !element.parentElement.closest(".scroll, pre"))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => element.outerHTML.slice(0, 80))`);

const count = (page: Page, selector: string) => page.locator(selector).count();

async function withPage(
  scheme: "light" | "dark",
  width: number,
  look: (page: Page, folder: string) => Promise<void>,
) {
  await using folder = await experimentFolder();
  await writeReport(await readResults(folder.path), `${folder.path}/report.html`);
  const browser = await playwright!.chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text!()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(request.url!()));
    await page.goto(`file://${folder.path}/report.html`);
    await look(page, folder.path);
    assertEquals(complaints, []);
  } finally {
    await browser.close();
  }
}

const inBrowser = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: `Chromium: ${name}` +
      (playwright ? "" : ": Chromium, playwright-core or Vega-Lite cannot be had"),
    ignore: !playwright,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });

inBrowser(
  "the page has its tables and charts, and asks for nothing",
  () =>
    withPage("light", 1280, async (page) => {
      assertEquals(await page.title(), "Table 3, made small");
      assertEquals(await count(page, "table"), 5);
      assertEquals(await count(page, "table caption"), 5);
      assertEquals(await count(page, "figure"), 4);
      const sizes = await page.evaluate<{ width: number; height: number; marks: number }[]>(
        `[...document.querySelectorAll("figure svg")].map((svg) => {
        const { width, height } = svg.getBoundingClientRect();
        return { width, height, marks: svg.querySelectorAll("path, line").length };
      })`,
      );
      assertEquals(sizes.length, 8);
      for (const { width, height, marks } of sizes) {
        assert(width > 300 && height > 150 && marks > 10, `${width} × ${height}, ${marks} marks`);
      }
      const first = page.locator("table").first();
      assertEquals(await first.locator("tbody th[scope=row]").allTextContents(), [
        "LSUV",
        "Xavier <fan-in>",
      ]);
      assertEquals(
        await first.locator("tbody tr").first().locator("td").first().innerText(),
        "61.00 ± 1.41\npaper 92.11 (−31.11)\n2 seeds",
      );
      assertEquals(
        await page.evaluate(`performance.getEntriesByType("resource").map(({ name }) => name)`),
        [],
      );
    }),
);

for (const scheme of ["light", "dark"] as const) {
  inBrowser(`every word can be read, ${scheme}`, () =>
    withPage(scheme, 1280, async (page) => {
      const words = await wordsOn(page);
      assert(words.length > 200, `${words.length} elements with words`);
      const faint = words.filter(({ colour, paper }) =>
        contrast(rgbOf(colour), rgbOf(paper)) < 4.5
      );
      assertEquals(faint, []);
      const [, , blue] = rgbOf(words[0].paper);
      assert(scheme === "dark" ? blue < 64 : blue > 192, `the page is ${words[0].paper}`);
    }));
}

for (const width of [360, 1280]) {
  inBrowser(
    `nothing reaches out of a window of ${width} pixels`,
    () =>
      withPage("light", width, async (page) => {
        assertEquals(await page.evaluate("document.documentElement.scrollWidth"), width);
        assertEquals(await overflowing(page), []);
      }),
  );
}

inBrowser(
  "a page that is printed is light, whatever the screen",
  () =>
    withPage("dark", 1280, async (page) => {
      await page.emulateMedia({ media: "print" });
      const colours = await page.evaluate<string[]>(`[
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector("svg text")).fill,
    ]`);
      assertEquals(colours, ["rgb(255, 255, 255)", "rgb(90, 90, 88)"]);
    }),
);

inBrowser(
  "names beside lines stay inside their drawing",
  () =>
    withPage("light", 1280, async (page) => {
      const cut = await page.evaluate<string[]>(`[...document.querySelectorAll("svg text")]
      .filter((text) => {
        const inner = text.getBoundingClientRect();
        const outer = text.closest("svg").getBoundingClientRect();
        return inner.right > outer.right + 1 || inner.left < outer.left - 1 ||
          inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
      }).map((text) => text.textContent)`);
      assertEquals(cut, []);
    }),
);
