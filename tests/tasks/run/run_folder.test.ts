import { assertEquals, assertRejects } from "@std/assert";
import { parse } from "@std/csv";
import { TaskError } from "../../../tasks/cli/command.ts";
import { folderName, RunFolder } from "../../../tasks/run/run_folder.ts";
import { folderOf } from "../../data/fixtures.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";

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

Deno.test("folderName() starts with the time, so that names sort", () => {
  const name = { net: "fitnet1", activation: "maxout", init: "lsuv", seed: 3 };
  assertEquals(
    folderName(name, new Date(2024, 0, 5, 7, 8, 9)),
    "20240105-070809-fitnet1-maxout-lsuv-s3",
  );
});

Deno.test("RunFolder keeps what was written before", async () => {
  await using parent = await folderOf({});
  const folder = await RunFolder.create(`${parent.path}/a/b`, "procedural");
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
  assertEquals(rows[0], [...Object.keys(row(1)), "data"]);
  assertEquals(rows.slice(1).map((row) => [row[0], row[1], row.at(-1)]), [
    ["1", "10", "procedural"],
    ["2", "20", "procedural"],
  ]);
  await folder.profile([
    { kernel: "[add, mul] sum", shape: "2×3 → 2", calls: 2, ms: 0.5, share: 0.25, ofPeak: 0.125 },
    { kernel: "outside kernels", ms: 1.5, share: 0.75 },
  ]);
  assertEquals(parse(await Deno.readTextFile(`${folder.path}/profile.csv`)), [
    ["kernel", "shape", "calls", "passes", "ms", "share"]
      .concat(["flops", "bytes", "gflops", "ofPeak", "gbps", "ofBandwidth", "data"]),
    [
      "[add, mul] sum",
      "2×3 → 2",
      "2",
      "",
      "0.5",
      "0.25",
      "",
      "",
      "",
      "0.125",
      "",
      "",
      "procedural",
    ],
    ["outside kernels", "", "", "", "1.5", "0.75", "", "", "", "", "", "", "procedural"],
  ]);
  assertEquals([...Deno.readDirSync(folder.path)].length, 3);
});

Deno.test("RunFolder.reopen() continues after the rows that it is given", async () => {
  await using parent = await folderOf({});
  const first = RunFolder.reopen(parent.path, "mnist", { seed: 3, ended: "now" });
  for (const epoch of [1, 2, 3]) await first.epoch(row(epoch));
  const folder = RunFolder.reopen(parent.path, "mnist", { seed: 3, ended: "now" });
  const epochs = async () =>
    parse(await Deno.readTextFile(`${parent.path}/epochs.csv`)).map(([epoch]) => epoch);
  await folder.continueAfter([row(1)]);
  assertEquals(await epochs(), ["epoch", "1"]);
  await folder.epoch(row(2));
  assertEquals(await epochs(), ["epoch", "1", "2"]);
  await folder.continueAfter([]);
  assertEquals(await epochs(), ["epoch"]);
  await folder.manifest({ status: "running", ended: undefined });
  const manifest = JSON.parse(await Deno.readTextFile(`${parent.path}/manifest.json`));
  assertEquals(manifest, { seed: 3, status: "running" });
});

Deno.test("RunFolder says which file it could not write, and why", async () => {
  await using parent = await folderOf({ "epochs.csv/inner": Uint8Array.of(1) });
  const folder = RunFolder.reopen(parent.path, "mnist", {});
  await assertRejects(
    () => folder.epoch(row(1)),
    TaskError,
    `${parent.path}/epochs.csv: expected to write it, found `,
  );
});

Deno.test("RunFolder.create() rejects a folder with something in it, and a file", async () => {
  await using parent = await folderOf({ "manifest.json": Uint8Array.of(1) });
  await assertRejects(
    () => RunFolder.create(parent.path, "mnist"),
    OptionError,
    `--out: expected a new or empty folder, found ${parent.path} with manifest.json in it`,
  );
  await assertRejects(
    () => RunFolder.create(`${parent.path}/manifest.json`, "mnist"),
    OptionError,
    "--out",
  );
});
