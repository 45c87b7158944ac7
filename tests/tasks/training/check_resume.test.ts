/**
 * earlierRun(): which options a run can be resumed with.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { earlierRun } from "../../../tasks/training/check_resume.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";
import { folderOf } from "../../data/fixtures.ts";
import { manifestWith } from "../run/manifests.ts";

function parsed(line: string) {
  const options = parseOptions(trainTable("cifar"), line.split(" ").filter(Boolean));
  assert(options !== "help");
  return options;
}

/** Resumes a run that was started with some options. */
async function resumed(started: string, line: string) {
  const settings = resolveSettings("cifar", parsed(started), "quick");
  const manifest = manifestWith(settings);
  await using folder = await folderOf({
    "manifest.json": new TextEncoder().encode(JSON.stringify(manifest)),
  });
  return await earlierRun("cifar", parsed(`--resume ${folder.path} ${line}`));
}

Deno.test("earlierRun() takes the options that a run was started with", async () => {
  for (
    const [started, line] of [
      ["--nesterov --bias-rate 2", "--nesterov --bias-rate 2"],
      ["", "--no-nesterov --schedule multistep --momentum 0.9"],
      ["--schedule poly --power 2", "--schedule poly --power 2 --rate-until 5"],
      ["--max-norm 1.5,2", "--max-norm 1.5,2"],
      ["--net allCnn", "--net allCnn --rate 0.05 --activation relu"],
    ] as const
  ) {
    assertEquals((await resumed(started, line))?.longer, false, line);
  }
});

Deno.test("earlierRun() rejects options that differ from a run's settings", async () => {
  for (
    const [started, line, says] of [
      ["", "--nesterov", "--nesterov: expected false, as in the run in "],
      ["--nesterov", "--no-nesterov", "--nesterov: expected true, as in the run in "],
      ["", "--schedule poly", "--schedule: expected multistep, as in the run in "],
      ["--schedule poly", "--power 2", "--power: expected 1, as in the run in "],
      ["--momentum-end 0.95", "--momentum-end 0.9", "--momentum-end: expected 0.95, as in the "],
      ["", "--max-norm 2", "--max-norm: expected none, as in the run in "],
      ["--max-norm 1.5,2", "--max-norm 1.5,3", "--max-norm: expected 1.5,2, as in the run in "],
      ["--net allCnn", "--rate 0.01", "--rate: expected 0.05, as in the run in "],
    ] as const
  ) {
    await assertRejects(() => resumed(started, line), OptionError, says);
  }
});

Deno.test("earlierRun() keeps a schedule where it is when a run becomes longer", async () => {
  const longer = await resumed("--schedule linear --momentum-end 0.95 --epochs 4", "--epochs 8");
  const { epochs, rateUntil, momentumUntil } = longer!.manifest.settings;
  assertEquals([epochs, rateUntil, momentumUntil], [8, 4, 4]);
});
