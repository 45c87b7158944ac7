/**
 * The page in Chromium: with WebGPU and without, cross-origin isolated and not.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { buildSite } from "../../site/build.ts";
import { drawShapes } from "../../site/net/images.ts";
import { type ActivationName, DEFAULT, type Setting, showSetting } from "../../site/net/setting.ts";
import { walk } from "../../site/net/walk.ts";
import { open } from "../../src/runtime/mod.ts";
import { idx } from "../data/fixtures.ts";
import { assertClose } from "../devices.ts";
import { faintWords, overflowing } from "../tasks/chromium.ts";
import { inBrowser, noBrowser, type Page, until, type Visit, visit } from "./served.ts";

const site = noBrowser === undefined ? await buildSite() : new Map();

const SMALL: Setting = { ...DEFAULT, depth: 4, width: 4 };
const STILL = { reducedMotion: "reduce" };
const over = `document.getElementById("play").textContent === "Once more"`;
const said = `document.getElementById("train-state").textContent`;

const number = (cell: number) => (row: number[]) => row[cell]!;

/** The numbers of the table: variances before and after, by layer. */
const table = (page: Page) =>
  page.evaluate<number[][]>(`[...document.querySelectorAll("#numbers tbody tr")]
    .map((row) => [...row.querySelectorAll("[data-value]")].map((cell) => Number(cell.dataset.value)))`);

/** The cells of the nets that trained. */
const results = (page: Page) =>
  page.evaluate<string[][]>(`[...document.querySelectorAll("#results tbody tr")]
    .map((row) => [...row.cells].map((cell) => cell.textContent))`);

/** Visits the page of a setting, waits for LSUV's end, and checks that nothing was complained of. */
const visitSetting = (
  setting: Setting,
  how: Visit,
  work: (page: Page, address: string) => Promise<void>,
) =>
  visit(site, { ...how, look: { ...STILL, ...how.look } }, async (visited) => {
    const { page, complaints, requested, address } = visited;
    await page.goto(`${address}#${showSetting(setting)}`);
    await until(page, over);
    await work(page, address);
    assertEquals(complaints, []);
    for (const url of requested) assert(url.startsWith(address), url);
  });

/** Trains LSUV alone for 200 steps on a device. */
async function trainLsuv(page: Page, device: string): Promise<string[]> {
  for (const name of ["xavier", "orthonormal"]) await page.click(`[name=compared][value=${name}]`);
  await page.click(`[name=device][value=${device}]`);
  await page.selectOption("#steps", "200");
  await page.click("#train");
  await until(page, `${said} === "Done."`);
  return (await results(page))[0]!;
}

/** Checks the table against what the library computes in float64. */
async function checkNumbers(page: Page, setting: Setting): Promise<void> {
  await using run = await open({ device: "reference" });
  const frames = await Array.fromAsync(walk(run, setting, drawShapes().train));
  const rows = await table(page);
  assertClose(rows.map(number(0)), frames[0]!.variances, { relative: 1e-4 });
  assertClose(rows.map(number(1)), frames.at(-1)!.variances, { relative: 1e-4 });
  assertClose(rows.map(number(1)), rows.map(() => 1), { absolute: 0.1 });
}

/** A way to visit the page: with which activation, on which device, and what is said of that. */
interface Way {
  readonly what: string;
  readonly how: Visit;
  readonly activation: ActivationName;
  readonly device: string;
  readonly on: string;
  readonly note: RegExp;
}

const WAYS: readonly Way[] = [
  {
    what: "without WebGPU or isolation",
    how: {},
    activation: "vlrelu",
    device: "auto",
    on: "CPU",
    note: /1 thread \(no shared memory.*no GPU/s,
  },
  {
    what: "isolated, with threads",
    how: { isolated: true },
    activation: "maxout",
    device: "auto",
    on: "CPU",
    note: /SIMD, \d+ threads?;/,
  },
  {
    what: "with WebGPU",
    how: { graphics: "webgpu" },
    activation: "tanh",
    device: "webgpu",
    on: "GPU",
    note: /swiftshader/,
  },
];

for (const { what, how, activation, device, on, note } of WAYS) {
  const setting = { ...SMALL, activation };
  inBrowser(
    `variances are the library's in float64, and training lowers the loss, ${what}`,
    () =>
      visitSetting(setting, how, async (page) => {
        await checkNumbers(page, setting);
        const [init, loss, accuracy, steps, ms, where] = await trainLsuv(page, device);
        assertEquals([init, steps, where], ["LSUV", "200", on]);
        assert(Number(loss) < 2.1, `a loss of ${loss}, where chance has 2.303`);
        assertMatch(accuracy!, /^\d+\.\d %$/);
        assertMatch(ms!, /^\d+(\.\d)? ms$/);
        assertMatch(await page.evaluate(`document.getElementById("notes").textContent`), note);
        const path = await page.evaluate<string>(
          `document.querySelector("#curves path.c0").getAttribute("d")`,
        );
        assertEquals(path.match(/[ML]/g)!.length, 200);
      }),
  );
}

inBrowser(
  "a GPU that is not there gives way to the CPU, in words",
  () =>
    visitSetting(SMALL, {}, async (page) => {
      const [, , , steps, , where] = await trainLsuv(page, "webgpu");
      assertEquals([steps, where], ["200", "CPU"]);
      assertMatch(
        await page.evaluate(`document.getElementById("notes").textContent`),
        /LSUV goes on with the CPU: webgpu: expected a GPU adapter, found none\. A browser has one/,
      );
    }),
);

inBrowser(
  "the keyboard alone chooses, plays, steps and trains",
  () =>
    visitSetting(SMALL, {}, async (page) => {
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
      };
      const focused = () => page.evaluate<string>("document.activeElement.id");
      await press("Tab");
      assertEquals(await focused(), "activation");
      await press("ArrowDown", "ArrowDown", "Tab", "Tab");
      assertEquals(await focused(), "depth");
      await press("ArrowRight");
      await until(
        page,
        `document.getElementById("done-value").textContent === "5 of 5" && ${over}`,
      );
      assertMatch(await page.evaluate("location.hash"), /activation=tanh&depth=5/);
      await press("Tab", "Tab", "Tab");
      assertEquals(await focused(), "play");
      await press("Tab", "Home");
      assertMatch(
        await page.evaluate(`document.getElementById("step").textContent`),
        /^As drawn, layer 1 has variance/,
      );
      await press("ArrowRight", "ArrowRight");
      assertMatch(
        await page.evaluate(`document.getElementById("step").textContent`),
        /^Layer 2 of 5 had variance .* Its weights are multiplied by/,
      );
      await page.evaluate(`document.getElementById("train").focus()`);
      await press("Enter");
      await until(page, `!document.getElementById("stop").disabled`);
      await press("Tab", "Enter");
      await until(page, `${said} === "Stopped."`);
    }),
);

/** MNIST's four files with these numbers of images, of 28 × 28 noise. */
function mnistFiles(train: number, test: number) {
  const pixels = (n: number) => Uint8Array.from({ length: n * 784 }, (_, i) => (i * 7919) % 256);
  const labels = (n: number) => Uint8Array.from({ length: n }, (_, i) => i % 10);
  const files = ([["train", train], ["t10k", test]] as const).flatMap(([name, n]) => [
    [`${name}-images-idx3-ubyte`, idx(2051, [n, 28, 28], pixels(n))] as const,
    [`${name}-labels-idx1-ubyte`, idx(2049, [n], labels(n))] as const,
  ]);
  return files.map(([name, bytes]) => ({
    name,
    mimeType: "application/octet-stream",
    // playwright-core takes what Node's Buffer is.
    buffer: bytes,
  }));
}

inBrowser(
  "MNIST's files are read; a missing one is named",
  () =>
    visitSetting(SMALL, {}, async (page) => {
      const files = mnistFiles(40, 20), shown = `document.getElementById("data-name").textContent`;
      const { Buffer } = await import("node:buffer");
      const given = files.map((file) => ({ ...file, buffer: Buffer.from(file.buffer) }));
      await page.setInputFiles("#files", given.slice(0, 1));
      await until(page, `!document.getElementById("data-fault").hidden`);
      assertEquals(
        await page.evaluate(`document.getElementById("data-fault").textContent`),
        "the given files/train-labels-idx1-ubyte: expected a file, found none",
      );
      await page.setInputFiles("#files", given);
      await until(page, `${shown} === "MNIST: 40 to train on, 20 to test on"`);
      await until(page, over);
      assertEquals((await trainLsuv(page, "cpu"))[3], "200");
      await page.click("#shapes");
      await until(page, `${shown}.startsWith("shapes, drawn here: 2000")`);
      await until(page, over);
    }),
);

for (const [width, colorScheme] of [[1280, "light"], [390, "dark"]] as const) {
  inBrowser(
    `words are legible and nothing reaches out, ${width} pixels wide, ${colorScheme}`,
    () => {
      const look = { colorScheme, viewport: { width, height: 900 } };
      return visitSetting({ ...SMALL, depth: 40 }, { look }, async (page) => {
        await page.click("#train");
        await until(page, `document.querySelectorAll("#curves path.line").length === 3`);
        await page.click("#stop");
        await page.evaluate(`document.querySelector("details").open = true`);
        const { faint, count } = await faintWords(page);
        assertEquals(faint, []);
        assert(count > 40, `${count} words`);
        assertEquals(await overflowing(page), []);
      });
    },
  );
}

inBrowser("from a file it says what is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of site) await Deno.writeFile(`${folder}/${name}`, bytes);
    await visit(site, {}, async ({ page }) => {
      await page.goto(`file://${folder}/index.html`);
      assertMatch(
        await page.evaluate(`document.getElementById("missing").textContent`),
        /Browsers start neither modules nor workers from files\. Serve this folder/,
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
