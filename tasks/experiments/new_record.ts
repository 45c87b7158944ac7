/**
 * The record of an experiment before its first run.
 *
 * @module
 */
import { commandText } from "../cli/quoted.ts";
import { taskCommand } from "../run/settings.ts";
import configuration from "../../deno.json" with { type: "json" };
import { fingerprint } from "../../src/data/mod.ts";
import type { Loaded } from "../datasets/load_data.ts";
import { datasetFacts, isDrawn } from "../datasets/registry.ts";
import { type PlannedCell, restrictToLength } from "./cells.ts";
import type { Description } from "./description.ts";
import { describeDifferences } from "./differences.ts";
import type { ExperimentPlan } from "./plan.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** A note on the data. */
function dataNote({ origin }: Loaded): string {
  if (origin.kind !== "procedural") return "";
  const { seed, instead } = origin, drawn = `drawn by a program from seed ${seed}`;
  return instead ? `${drawn}, as ${instead.of} was not available: ${instead.because}` : drawn;
}

async function describeData(data: Loaded): Promise<ExperimentRecord["dataset"]> {
  const { train, test } = data.splits;
  return {
    name: data.dataset,
    fingerprint: await fingerprint(train.dataset),
    train: train.dataset.count,
    test: test.dataset.count,
    note: dataNote(data),
  };
}

const pendingCell =
  ({ trains }: Description) =>
  ({ row, column, seed, run, args, settings }: PlannedCell): CellRecord => {
    const command = commandText(["deno", "task", taskCommand(trains), ...args]);
    return { row, column, seed, run, command, settings, status: "pending" };
  };

/** The record of an experiment without any run. */
export async function newRecord(
  { description, length, seeds, cells, device }: ExperimentPlan,
  data: Loaded,
  command: string,
): Promise<ExperimentRecord> {
  const { task, title, question, measure, training, paper, bySecond } = description;
  const { rows, columns } = restrictToLength(description, length);
  const procedural = isDrawn(data.dataset), images = datasetFacts(data.dataset).counts?.train;
  return {
    format: 1,
    task,
    title,
    question,
    rows: rows.map(({ name }) => name),
    columns: columns.map(({ name }) => name),
    measure,
    ...(training && { training }),
    seeds,
    paper: procedural ? null : paper,
    scaled: describeDifferences(description, cells, { length, procedural, images }),
    command,
    version: configuration.version,
    device,
    dataset: await describeData(data),
    startedAt: new Date().toISOString(),
    ...(bySecond && { bySecond }),
    cells: cells.map(pendingCell(description)),
  };
}
