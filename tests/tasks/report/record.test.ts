/**
 * Records of results: they report the same as the folders that they were made of.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { readRecord } from "../../../tasks/experiments/read_record.ts";
import { reportFigures } from "../../../tasks/report/figures/mod.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { RECORD_FILES } from "../../../tasks/report/record/tables.ts";
import { thinSteps, withoutPaths } from "../../../tasks/report/record/thin.ts";
import { writeRecorded } from "../../../tasks/report/record/write.ts";
import { compactTable, endsTable } from "../../../tasks/report/sections/compact.ts";
import { resultsTable } from "../../../tasks/report/sections/results.ts";
import { runsSection } from "../../../tasks/report/sections/runs.ts";
import { folderOf } from "../../data/fixtures.ts";
import { epochsCsv, experimentFolder, LSUV_CSV, manifestJson } from "./fixtures.ts";

Deno.test("a record has the tables, curves and facts of its experiment, without settings of cells", async () => {
  await using folder = await experimentFolder();
  await using record = await folderOf({});
  const results = await readResults(folder.path);
  await writeRecorded(record.path, results, await readRecord(folder.path));
  const kept = await readResults(record.path);
  assertEquals(resultsTable(kept), resultsTable(results));
  assertEquals(compactTable(kept), compactTable(results));
  assertEquals(reportFigures(kept), reportFigures(results));
  assertEquals(runsSection(kept), runsSection(results));
  assertEquals(kept.facts, results.facts);
});

const runs = (seeds: readonly number[]) =>
  folderOf(Object.fromEntries(seeds.flatMap((seed) => [
    [`lsuv-s${seed}/manifest.json`, manifestJson({ init: "lsuv", seed })],
    [`lsuv-s${seed}/epochs.csv`, epochsCsv([0.3, 0.5 + seed / 100, 0.6 + seed / 100])],
    [`lsuv-s${seed}/lsuv.csv`, LSUV_CSV],
  ])));

Deno.test("single runs are added to those of a record, and replace those of the same names", async () => {
  await using first = await runs([0]);
  await using second = await runs([0, 1]);
  await using record = await folderOf({});
  await writeRecorded(record.path, await readResults(first.path));
  const kept = await readResults(record.path);
  assertEquals(kept.kind, "run");
  await writeRecorded(record.path, await readResults(second.path), undefined, kept);
  const all = await readResults(record.path);
  assertEquals(all.cells.map(({ folder }) => folder), ["lsuv-s0", "lsuv-s1"]);
  assertEquals(all.cells.map(({ run }) => run!.lsuv.length), [4, 4]);
  assertEquals(endsTable(all).rows.map((row) => row.map(([text]) => text)), [
    ["lsuv", "60.50 ± 0.71", "47.00 ± 0.47", "60.50 ± 0.71", "2"],
  ]);
});

Deno.test("a record names no paths of its machine", async () => {
  assertEquals(
    withoutPaths("deno task train:mnist --data /a/b --teacher /c/runs/maxout_s0 --out /d --seed 0"),
    "deno task train:mnist --data DIR --teacher runs/maxout_s0 --out RESULTS --seed 0",
  );
  assertEquals(withoutPaths("n/c, 1/16, https://a.org/b/c"), "n/c, 1/16, https://a.org/b/c");
  await using folder = await experimentFolder();
  await using record = await folderOf({});
  await writeRecorded(record.path, await readResults(folder.path), await readRecord(folder.path));
  for await (const { name } of Deno.readDir(record.path)) {
    assert(!(await Deno.readTextFile(`${record.path}/${name}`)).includes(folder.path), name);
  }
});

Deno.test("losses by step are averaged to at most 100 rows", () => {
  const steps = Array.from({ length: 250 }, (_, i) => (
    { step: 10 * (i + 1), epoch: 1, loss: i % 3, epochLoss: 1 }
  ));
  const thin = thinSteps(steps);
  assertEquals(thin.length, 84);
  assertEquals(thin[0], { step: 30, epoch: 1, loss: 1, epochLoss: 1 });
  assertEquals(thin.at(-1)!.step, 2500);
});

Deno.test("a record's table without the runs' names, damaged or cut off, is an error in one line", async () => {
  const cases: readonly (readonly [table: string, fault: string])[] = [
    ["epoch,step\n1,2\n", "expected the run in the column run, found none"],
    ["", "expected a table, found an empty file"],
    ["run,epoch\na,1\na,2", "expected whole lines, found the last one cut off"],
    ["run,epoch\na,1,2\n", "expected comma-separated values; "],
    ['run,epoch\n"a,1\n', "expected comma-separated values; "],
  ];
  for (const [table, fault] of cases) {
    await using record = await folderOf({
      [RECORD_FILES.runs]: new TextEncoder().encode("{}"),
      [RECORD_FILES.epochs]: new TextEncoder().encode(table),
    });
    const { message } = await assertRejects(() => readResults(record.path), TaskError);
    assertEquals(message.split("\n").length, 1);
    assert(message.startsWith(`${record.path}/run-epochs.csv: ${fault}`), message);
  }
});
