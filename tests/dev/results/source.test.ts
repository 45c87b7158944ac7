/**
 * Where the numbers of records come from, in words.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { commandsOf, factsText } from "../../../dev/results/source.ts";
import { readResults } from "../../../tasks/report/read_results.ts";
import { folderOf } from "../../data/fixtures.ts";
import { epochsCsv } from "../../tasks/report/fixtures.ts";

const FAST = "deno task train:mnist --device cpu --wide --quiet --threads 1";

const run = (seed: number, others: object = {}) =>
  new TextEncoder().encode(JSON.stringify({
    status: "finished",
    command: `${FAST} --seed ${seed} --out /a/b`,
    seed,
    started: `2026-01-0${2 + seed}T03:04:05.000Z`,
    settings: { dataset: "mnist", net: "fitnetMnist", init: "lsuv", epochs: 3, seed },
    results: { parameters: 1, steps: 1, seconds: 60 },
    ...others,
  }));

const folder = (manifests: readonly Uint8Array[]) =>
  folderOf(Object.fromEntries(manifests.flatMap((manifest, i) => [
    [`s${i}/manifest.json`, manifest],
    [`s${i}/epochs.csv`, epochsCsv([0.5, 0.6])],
  ])));

Deno.test("commandsOf() has each command once, as it was given, with its seeds", async () => {
  await using runs = await folder([run(0), run(2), run(1)]);
  assertEquals(commandsOf(await readResults(runs.path)), [
    "deno task train:mnist:fast --threads 1 --seed 0  # and 1, 2",
  ]);
});

Deno.test("factsText() has days, commits, those that are not known, seeds, and time", async () => {
  const program = { name: "n", version: "0", commit: "0123456789abcdef" };
  await using runs = await folder([run(0), run(1, { program })]);
  assertEquals(
    factsText(await readResults(runs.path)),
    "Measured: 2026-01-02 to 03; commit 0123456, that of 1 run not recorded; seeds 0, 1; " +
      "2 min 00 s of training in 2 runs.",
  );
});

Deno.test("factsText() has the images of all runs where they differ", async () => {
  const data = (train: number, test: number) => ({
    data: {
      train: { name: "t", count: train, sha256: "" },
      test: { name: "t", count: test, sha256: "" },
    },
  });
  await using runs = await folder([run(0, data(2000, 1000)), run(1, data(60000, 10000))]);
  assertStringIncludes(
    factsText(await readResults(runs.path)),
    "; 2,000 training and 1,000 or 60,000 training and 10,000 test images; ",
  );
  await using same = await folder([run(0, data(2000, 1000)), run(1, data(2000, 1000))]);
  assertStringIncludes(
    factsText(await readResults(same.path)),
    "; 2,000 training and 1,000 test images; ",
  );
});

Deno.test("factsText() says how far a run is that has not ended", async () => {
  await using runs = await folder([run(0, { status: "running", results: undefined })]);
  assertEquals(
    factsText(await readResults(runs.path)),
    "Measured: 2026-01-02; commit not recorded; seed 0; **in progress: 2 of 3 epochs**; " +
      "1.0 s of training in 1 run.",
  );
});
