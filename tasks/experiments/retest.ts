/**
 * Testing the net of another run again, with other options of the net.
 *
 * @module
 */
import { openDevice, TaskError } from "../cli/command.ts";
import { writeFile } from "../cli/write_file.ts";
import { optionArguments } from "../cli/option_arguments.ts";
import { commandText } from "../cli/quoted.ts";
import type { Loaded } from "../datasets/load_data.ts";
import { evaluateNet } from "../models/evaluate/confusion.ts";
import { pickFields } from "../models/fields.ts";
import { pickOwn } from "../models/model.ts";
import { openFiniteModel } from "../models/open.ts";
import { RUN_FILES } from "../run/files.ts";
import { manifestText } from "../run/manifest.ts";
import { readWholeManifest } from "../run/read_manifest.ts";
import type { PlannedCell } from "./cells.ts";

/**
 * Tests the net of the run that a planned one depends on, with the planned one's options of the net, and
 * writes a manifest with the results of that training and of this test. Throws a {@linkcode TaskError}
 * unless that run is finished.
 */
export async function retest(
  out: string,
  cell: PlannedCell,
  { splits: { test } }: Loaded,
): Promise<void> {
  const before = `${out}/${cell.after}`, manifest = await readWholeManifest(before);
  if (manifest?.status !== "finished") {
    throw new TaskError(
      `${before}: expected a finished run to test, found ${manifest?.status ?? "none"}`,
    );
  }
  const own = pickFields(pickOwn(cell.settings)),
    { net, params } = await openFiniteModel(before, own);
  const { device, threads, winograd, wide, loss, batch } = cell.settings;
  await using run = await openDevice({ device, threads, winograd, wide });
  const found = await evaluateNet(run, { net, params, loss }, test, batch);
  const results = {
    ...manifest.results,
    lastEpoch: {
      ...manifest.results?.lastEpoch,
      testAccuracy: found.accuracy,
      testLoss: found.loss,
    },
  };
  const command = commandText(["deno", "task", "evaluate", before, ...optionArguments(own)]);
  const path = `${out}/${cell.run}/${RUN_FILES.manifest}`;
  await writeFile(
    path,
    manifestText({ ...manifest, command, settings: cell.settings, tests: before, results }),
  );
}
