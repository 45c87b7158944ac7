import { assert, assertEquals } from "@std/assert";
import { readResults } from "../../../tasks/report/read_results.ts";
import { writeReport } from "../../../tasks/report/write.ts";
import { faintWords, launcher, overflowing } from "../chromium.ts";
import { canDraw } from "../plots/drawing.ts";
import { experimentFolder } from "./fixtures.ts";

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

const launch = canDraw ? launcher : undefined;

const count = (page: Page, selector: string) => page.locator(selector).count();

async function withPage(
  scheme: "light" | "dark",
  width: number,
  look: (page: Page, folder: string) => Promise<void>,
) {
  await using folder = await experimentFolder();
  await writeReport(await readResults(folder.path), `${folder.path}/report.html`);
  const browser = await launch!<Page>();
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
      (launch ? "" : ": Chromium, playwright-core or Vega-Lite cannot be had"),
    ignore: !launch,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });

inBrowser(
  "the page has its tables and charts, and makes no requests",
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
      const { faint, count, paper } = await faintWords(page);
      assert(count > 200, `${count} elements with words`);
      assertEquals(faint, []);
      const [, , blue] = paper;
      assert(scheme === "dark" ? blue < 64 : blue > 192, `the page is ${paper}`);
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

inBrowser("figures are no wider than the text", () =>
  withPage("light", 1280, async (page) => {
    const right = (selector: string) =>
      page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll("${selector}")].map((it) => it.getBoundingClientRect().right))`,
      );
    const text = await right("p"), figures = await right("figure svg");
    assert(figures <= text + 1, `figures reach to ${figures}, text to ${text}`);
  }));

inBrowser(
  "a page that is printed is light, whatever the screen",
  () =>
    withPage("dark", 1280, async (page) => {
      await page.emulateMedia({ media: "print" });
      const colors = await page.evaluate<string[]>(`[
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector("svg text")).fill,
    ]`);
      assertEquals(colors, ["rgb(255, 255, 255)", "rgb(90, 90, 88)"]);
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
