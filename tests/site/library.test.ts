/**
 * The library in Chromium: every op, and a program of one's own.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { bundle } from "../../site/bundle.ts";
import { CASES } from "../ops/cases.ts";
import { pause } from "../pause.ts";
import type { Found } from "./ops_page.ts";
import { inBrowser, noBrowser, until, visit } from "./served.ts";

const root = new URL("../../", import.meta.url);
const at = (path: string) => new URL(path, root).pathname;

/** A page that runs a module, with the library and assertions by their usual names. */
async function pageOf(path: string) {
  const scripts = await bundle({ main: new URL(path, root) }, {
    minify: false,
    aliases: { "@goodinit/goodinit": at("mod.ts"), "@std/assert": at("compat/std/assert/mod.ts") },
    // Tests' helpers tidy up after a file's tests, of which a page has none.
    define: { "Deno.test.afterAll": "Boolean" },
  });
  const html = `<!doctype html><link rel="icon" href="data:,"><title>test</title>
<script type="module" src="./main.js"></script>`;
  return new Map([...scripts, ["index.html", new TextEncoder().encode(html)]]);
}

const ops = noBrowser === undefined ? await pageOf("tests/site/ops_page.ts") : new Map();

for (const on of ["webgpu", "cpu"] as const) {
  inBrowser(
    `every op agrees with float64 on ${on}`,
    () =>
      visit(ops, { graphics: on === "webgpu" ? "webgpu" : "none" }, async ({ page, address }) => {
        await page.goto(`${address}?on=${on}`);
        await until(page, "globalThis.found !== undefined");
        const { device, agree, faults } = await page.evaluate<Found>("globalThis.found");
        assertEquals(faults, []);
        assertEquals([device, agree], [on, Object.keys(CASES)]);
      }),
  );
}

for (const isolated of [false, true]) {
  inBrowser(`examples/browser.ts runs as in Deno, ${isolated ? "" : "not "}isolated`, async () => {
    await visit(await pageOf("examples/browser.ts"), { isolated }, async (visited) => {
      const { page, complaints, address } = visited;
      // Chromium itself says that there is no adapter.
      const lines = () => complaints.filter((line) => !/^No available adapters/.test(line));
      await page.goto(address);
      for (let waited = 0; lines().length < 7 && waited < 400; waited++) await pause(50);
      assertEquals(lines()[0], "cpu: found no GPU adapter");
      assertMatch(lines()[2]!, /^variances after: +((1\.0|0\.9\d) ?){9}$/);
      const losses = lines().slice(3).map((line) => Number(/loss ([\d.]+)$/.exec(line)?.[1]));
      assertEquals(losses.length, 4);
      assert(losses[3]! < 0.1, losses.join());
    });
  });
}
