import { assertEquals, assertRejects } from "@std/assert";
import { parse } from "@std/csv";
import { OptionError } from "../../tasks/options.ts";
import { folderName, RunFolder } from "../../tasks/run_folder.ts";
import { folderOf } from "../data/fixtures.ts";

const row = (epoch: number) => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 0.5,
  trainAccuracy: 0.25,
  testLoss: NaN,
  testAccuracy: 1,
  seconds: 2,
  imagesPerSecond: 64,
});

Deno.test("folderName() begins with the time, so that names sort", () => {
  const name = { net: "fitnet1", activation: "maxout", init: "lsuv", seed: 3 };
  assertEquals(
    folderName(name, new Date(2024, 0, 5, 7, 8, 9)),
    "20240105-070809-fitnet1-maxout-lsuv-s3",
  );
});

Deno.test("RunFolder keeps what was written before", async () => {
  await using parent = await folderOf({});
  const folder = await RunFolder.create(`${parent.path}/a/b`);
  await folder.manifest({ status: "running", seed: 3 });
  await folder.manifest({ status: "finished", results: { steps: 2 } });
  assertEquals(JSON.parse(await Deno.readTextFile(`${folder.path}/manifest.json`)), {
    status: "finished",
    seed: 3,
    results: { steps: 2 },
  });
  await folder.epoch(row(1));
  await folder.epoch(row(2));
  const rows = parse(await Deno.readTextFile(`${folder.path}/epochs.csv`));
  assertEquals(rows[0], Object.keys(row(1)));
  assertEquals(rows.slice(1).map(([epoch, step]) => [epoch, step]), [["1", "10"], ["2", "20"]]);
  assertEquals([...Deno.readDirSync(folder.path)].length, 2);
});

Deno.test("RunFolder.create() rejects a folder with something in it, and a file", async () => {
  await using parent = await folderOf({ "manifest.json": Uint8Array.of(1) });
  await assertRejects(
    () => RunFolder.create(parent.path),
    OptionError,
    `--out: expected a new or empty folder, found ${parent.path} with manifest.json in it`,
  );
  await assertRejects(() => RunFolder.create(`${parent.path}/manifest.json`), OptionError, "--out");
});
