/**
 * The results of `deno task study:blog` as an experiment, so that they are recorded and shown as others are.
 *
 * @module
 */
import type { StoredRecord } from "../../tasks/experiments/read_record.ts";
import type { Results } from "../../tasks/report/results.ts";
import type { Run } from "../../tasks/run/read_run.ts";
import type { EpochRow } from "../../tasks/run/tables.ts";
import type { Study, StudyCell } from "../../tasks/studies/blog/cells.ts";
import { BLOG } from "../../tasks/studies/blog/command.ts";

const textOr = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9.]+/g, "-");

const runName = ({ variant, column }: StudyCell): string => `${slug(variant)}_${slug(column)}`;

/** The epochs of a net, of which only accuracies are known. */
const epochRows = ({ accuracies }: StudyCell): readonly EpochRow[] =>
  accuracies.map((accuracy, i) => ({
    epoch: i + 1,
    step: 0,
    trainLoss: NaN,
    trainAccuracy: NaN,
    testLoss: NaN,
    testAccuracy: accuracy / 100,
    seconds: NaN,
    imagesPerSecond: NaN,
  }));

/** The description of the study as an experiment. */
export function studyRecord({ cells, fields }: Study): StoredRecord {
  const epochs = Number(fields.epochs), seed = Number(fields.seed);
  const columns = Object.keys(BLOG), accuracyOf = (each: StudyCell) => each.accuracies.at(-1);
  const report = Object.fromEntries(
    columns.map((name) => [name, BLOG[name]![epochs - 1] ?? ("n/c" as const)]),
  );
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  return {
    format: 1,
    task: "study:blog",
    title: "What kept the blog's nets from learning",
    question: "Which single change of the reproduction gives the report's numbers?",
    rows: variants,
    columns,
    measure: "test accuracy %",
    seeds: [seed],
    paper: Object.fromEntries(variants.map((variant) => [variant, report])),
    scaled: [],
    command: `deno task study:blog --data DIR --epochs ${epochs} --seed ${seed}`,
    version: textOr(fields.commit),
    device: textOr(fields.device),
    dataset: { name: "mnist", train: Number(fields.images), test: 10_000 },
    startedAt: textOr(fields.date),
    cells: cells.map((cell) => ({
      row: cell.variant,
      column: cell.column,
      seed,
      run: runName(cell),
      status: cell.accuracies.length < epochs ? "n/c" : "done",
      accuracy: (accuracyOf(cell) ?? 0) / 100,
      epochs: cell.accuracies.length,
    })),
  };
}

/** The nets of the study as runs. */
function studyRun(cell: StudyCell, { fields }: Study): Run {
  const commit = textOr(fields.commit), started = textOr(fields.date);
  return {
    name: runName(cell),
    manifest: {
      status: "finished",
      ...(commit && { program: { name: "@goodinit/goodinit", version: "", commit } }),
      ...(started && { started }),
      seed: Number(fields.seed),
    },
    epochs: epochRows(cell),
    lsuv: [],
    layers: [],
    steps: [],
    missing: [],
  };
}

/** The study as results whose runs can be recorded. */
export const studyResults = (study: Study): Pick<Results, "cells"> => ({
  cells: study.cells.map((cell) => ({
    row: cell.variant,
    column: cell.column,
    seed: Number(study.fields.seed),
    status: "done",
    folder: runName(cell),
    run: studyRun(cell, study),
  })),
});
