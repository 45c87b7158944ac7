import { assert, assertEquals } from "@std/assert";
import { folderOf } from "../../data/fixtures.ts";
import { pause } from "../../pause.ts";
import { faintWords, launcher, overflowing } from "../chromium.ts";
import { program } from "../experiments/process.ts";
import { startTask } from "../runs.ts";
import { recordOf } from "../experiments/record.ts";
import { runFiles, under } from "../report/fixtures.ts";
import { sharedFolder } from "./shared_folder.ts";
import { type Watched, watched } from "./tasks.ts";

interface Page {
  goto(address: string): Promise<unknown>;
  reload(): Promise<unknown>;
  evaluate<T>(code: string): Promise<T>;
  click(selector: string): Promise<void>;
  hover(selector: string, options: { position: { x: number; y: number } }): Promise<void>;
  on(event: string, listener: (what: { text?(): string; url?(): string }) => void): void;
}

/** A page, and what its browser has complained of. */
interface Tab {
  readonly page: Page;
  readonly complaints: string[];
  readonly asked: Set<string>;
}

async function withTabs(
  looks: readonly Readonly<Record<string, unknown>>[],
  work: (...tabs: Tab[]) => Promise<void>,
) {
  const browser = await launcher!<Page>();
  try {
    const tabs = await Promise.all(looks.map(async (look): Promise<Tab> => {
      const page = await browser.newPage(look), complaints: string[] = [];
      const asked = new Set<string>();
      page.on("console", (message) => complaints.push(message.text!()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => asked.add(request.url!()));
      return { page, complaints, asked };
    }));
    await work(...tabs);
  } finally {
    await browser.close();
  }
}

const LIGHT = { colorScheme: "light", viewport: { width: 1280, height: 900 } };
const NARROW = { colorScheme: "dark", viewport: { width: 360, height: 800 } };

const inBrowser = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: `Chromium: ${name}` + (launcher ? "" : ": Chromium or playwright-core cannot be had"),
    ignore: !launcher,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });

/** How many points the line of a color has in the chart with a title. */
const points = (title: string, color: number) =>
  `(() => {
    const chart = [...document.querySelectorAll(".chart")]
      .find((chart) => !chart.hidden && chart.querySelector("h3").textContent.startsWith("${title}"));
    const path = chart?.querySelector("path.c${color}:not(.faint)");
    return path?.getAttribute("d").match(/[ML]/g)?.length ?? 0;
  })()`;

const state = `document.querySelector("header .state").textContent`;
const tile = (name: string) =>
  `[...document.querySelectorAll(".tiles div")]
    .find((tile) => tile.querySelector("dt").textContent === "${name}")?.querySelector("dd").textContent`;

/** Waits for what must come to hold; the page's policy lets no script of a test wait in it. */
async function until(page: Page, code: string) {
  for (const began = performance.now(); performance.now() - began < 120_000;) {
    if (await page.evaluate<boolean>(code)) return;
    await pause(25);
  }
  throw new Error(`expected ${code}, found otherwise for two minutes`);
}

/** Stops a task until every tab has asked it for its events, as it may end sooner than they try again. */
async function untilAsked(task: Watched, tabs: readonly Tab[]) {
  const events = `${task.address}events`;
  task.process.kill("SIGSTOP");
  // What a tab asked before there was a server may be heard of only now.
  await pause(250);
  for (const { asked } of tabs) asked.delete(events);
  // A tab that was answered before the task stopped asks no more; the others try again every second.
  const waits = (began: number) => performance.now() - began < 5000;
  for (const began = performance.now(); waits(began);) {
    if (tabs.every(({ asked }) => asked.has(events))) break;
    await pause(25);
  }
  task.process.kill("SIGCONT");
}

const TRAINING =
  "--dataset procedural --net fitnetMnist --activation relu --device cpu --subset 512 --test-subset 64"
    .concat(" --batch 16 --no-figures").split(" ");

inBrowser(
  "curves grow in several tabs, survive a reload and the end, and restart with a new training",
  () =>
    withTabs([LIGHT, NARROW], async (first, second) => {
      await using folder = await folderOf({});
      const run = (name: string, epochs: number, port: string) => {
        const own = [
          "--epochs",
          `${epochs}`,
          "--watch-port",
          port,
          "--out",
          `${folder.path}/${name}`,
        ];
        return startTask([...TRAINING, ...own]);
      };
      const long = await watched(run("long", 10_000, "0")), { address } = long;
      const tabs = [first, second], loss = points("Loss", 1);
      for (const { page } of tabs) await page.goto(address);
      for (const { page } of tabs) await until(page, `${loss} > 1 && ${state} === "running"`);
      const seen = await first.page.evaluate<number>(loss);
      await until(first.page, `${loss} > ${seen} && ${points("Loss", 0)} > 1`);

      const before = await first.page.evaluate<number>(loss);
      await first.page.reload();
      await until(first.page, `${loss} > 0`);
      const after = await first.page.evaluate<number>(loss);
      assert(after >= before, `${before} points, and after a reload ${after}`);
      assert(/^\d+ % · procedural/.test(await first.page.evaluate("document.title")));

      long.process.kill("SIGINT");
      for (const { page, complaints, asked } of tabs) {
        await until(page, `${state} === "stopped"`);
        assertEquals(complaints, []);
        assertEquals([...asked].sort(), [address, `${address}events`]);
      }
      assertEquals(await long.ended, 130);
      assert(await first.page.evaluate<number>(loss) >= before);

      const short = await watched(run("short", 4, new URL(address).port));
      await untilAsked(short, tabs);
      for (const { page } of tabs) {
        await until(page, `${state} === "finished" && ${tile("Epoch")} === "4 of 4"`);
      }
      assertEquals(await short.ended, 0);
      const csv = (await Deno.readTextFile(`${folder.path}/short/epochs.csv`)).trim().split("\n");
      const percent = `${(100 * Number(csv.at(-1)!.split(",")[5])).toFixed(2)} %`;
      for (const { page } of tabs) {
        assertEquals(await page.evaluate(state), "finished");
        assertEquals(await page.evaluate(points("Loss", 0)), 4);
        assertEquals(await page.evaluate(points("Accuracy", 0)), 4);
        assertEquals(await page.evaluate(points("Variance of the output", 0)), 7);
        assertEquals(await page.evaluate(tile("Test accuracy")), percent);
        assertEquals(
          await page.evaluate(`document.querySelectorAll("details tbody tr").length`),
          4,
        );
        await page.evaluate(`document.querySelector("details").open = true`);
        assertEquals((await faintWords(page)).faint, []);
        assertEquals(await overflowing(page), []);
      }

      await first.page.hover(".charts:not(.single) svg[role=img]", {
        position: { x: 200, y: 100 },
      });
      const tip = await first.page.evaluate<string>(
        `document.querySelector(".tip:not([hidden])").textContent`,
      );
      assert(/^epoch [\d.]+, step \d+test .*training /.test(tip), tip);
      await first.page.click(".head .tool");
      await until(first.page, `document.querySelector(".head .tool").ariaPressed === "true"`);

      const cut = await watched(run("cut", 10_000, new URL(address).port));
      for (const { page } of tabs) await until(page, `${state} === "running"`);
      cut.process.kill("SIGKILL");
      await cut.ended;
      for (const { page } of tabs) await until(page, `${state}.startsWith("connection lost")`);
    }),
);

inBrowser(
  "the grid of an experiment fills, and each of its runs can be looked at",
  () =>
    withTabs([LIGHT, NARROW], async (first, second) => {
      await using folder = await folderOf({});
      const quick = [
        "ablate:norm",
        "--quick",
        "--device",
        "cpu",
        "--out",
        `${folder.path}/results`,
      ];
      const { address, ended } = await watched(
        program("tasks/experiment.ts", [...quick, "--watch-port", "0"]).spawn(),
      );
      const tabs = [first, second];
      const count = (look: string) => `document.querySelectorAll(".run${look}").length`;
      for (const { page } of tabs) await page.goto(address);
      const seen = new Set<number>();
      const look = async () => {
        const idle = await first.page.evaluate<number>(count(".idle"));
        seen.add(idle);
        return idle;
      };
      await until(first.page, `${count(".busy")} === 1`);
      const all = await first.page.evaluate<number>(count(""));
      await look();
      for (const { page } of tabs) {
        await until(page, `${points("Variance of the output", 0)} > 0`);
        await until(page, `${points("Variance of the gradient", 0)} > 0`);
      }
      while (await look() > 0) await pause(50);
      assert(seen.size > 1, `waiting runs were ${[...seen]}`);
      for (const { page, complaints } of tabs) {
        await until(page, `${state} === "finished"`);
        assertEquals(complaints, []);
      }
      assertEquals(await ended, 0);
      const record = JSON.parse(
        await Deno.readTextFile(`${folder.path}/results/experiment.json`),
      ) as { cells: { run: string; status: string; accuracy: number }[]; measure: string };
      assertEquals(record.cells.length, all);
      for (const { page } of tabs) {
        assertEquals(await page.evaluate(tile("Runs")), `${all} of ${all}`);
        assertEquals(await page.evaluate(count(".busy, .run.idle")), 0);
        for (const { run, status, accuracy } of record.cells) {
          const shown = await page.evaluate(`document.getElementById("run-${run}").innerText`);
          const percent = 100 * (record.measure.includes("error") ? 1 - accuracy : accuracy);
          assertEquals(shown, status === "done" ? percent.toFixed(2) : status);
        }
        const { run } = record.cells[0]!;
        await page.click(`[id="run-${run}"]`);
        await until(page, `document.getElementById("run-${run}").ariaPressed === "true"`);
        assert(await page.evaluate<number>(points("Loss", 1)) > 0);
        assertEquals((await faintWords(page)).faint, []);
        assertEquals(await overflowing(page), []);
      }
    }),
);

inBrowser(
  "the programs that share a grid are shown with what they train, by a program that only looks",
  () =>
    withTabs([LIGHT, NARROW], async (first, second) => {
      const { run } = recordOf().cells[1]!;
      await using folder = await sharedFolder(under(run, runFiles({ status: "running" })));
      const task = await watched(
        program("tasks/watch.ts", [folder.path, "--watch-port", "0"]).spawn(),
      );
      const rows = `[...document.querySelectorAll(".shards tbody tr")]
        .map((row) => [...row.children].slice(0, 3).map((cell) => cell.innerText).join(" | "))`;
      for (const { page, complaints } of [first, second]) {
        await page.goto(task.address);
        await until(page, `${rows}.some((row) => row.includes("training"))`);
        const found = await page.evaluate<string[]>(rows);
        assertEquals(found.map((row) => row.replace(/\d+:\d\d/, "TIME")), [
          "1 of 4 | waiting | ",
          "2 of 4 | training | LSUV, tanh",
          "4 of 4 | gone, last seen TIME ago | Xavier, tanh",
          "– | silent for TIME | Xavier, ReLU",
        ]);
        await page.click(`[id="shard-${run}"]`);
        await until(page, `document.getElementById("run-${run}").ariaPressed === "true"`);
        assert(await page.evaluate<number>(points("Loss", 0)) === 3);
        assertEquals((await faintWords(page)).faint, []);
        assertEquals(await overflowing(page), []);
        assertEquals(complaints, []);
      }
      task.process.kill("SIGINT");
      assertEquals(await task.ended, 0);
    }),
);
