/**
 * The plan of an experiment from its command line: length, seeds, runs, data and device.
 *
 * @module
 */
import { PICTURES } from "../../src/data/catalogue/pictures.ts";
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { SHAPES } from "../../src/data/catalogue/shapes.ts";
import { holdsPictures } from "../images/listing/mod.ts";
import { forCaller } from "../cli/caller.ts";
import { openDevice } from "../cli/command.ts";
import { OptionError, type Values } from "../cli/option_table.ts";
import { type GridOptions, planCells, type PlannedCell } from "./cells.ts";
import type { Description, Length, RunOptions } from "./description.ts";
import type { Experiment } from "./experiment.ts";
import type { DataSource } from "./load_data.ts";
import { type EXPERIMENT_OPTIONS, parseSeeds } from "./options.ts";
import { readRecord } from "./read_record.ts";
import { selectPart, withCells } from "./select.ts";

/** The values of the options of all experiments. */
export type ExperimentValues = Values<typeof EXPERIMENT_OPTIONS>;

/** The plan of an experiment. */
export interface ExperimentPlan {
  readonly description: Description;
  readonly length: Length;
  readonly seeds: readonly number[];
  readonly cells: readonly PlannedCell[];
  readonly source: DataSource;
  /** The device that `auto` resolves to. */
  readonly device: string;
  /** The results' folder. */
  readonly out: string;
}

/** The length of the runs: the one asked for, else one that fits the device. */
function chooseLength({ quick, paper }: ExperimentValues, device: string): Length {
  if (quick && paper) throw new OptionError("--quick: expected no --paper beside it, found both");
  if (quick || paper) return quick ? "quick" : "paper";
  return device === "webgpu" ? "gpu" : "cpu";
}

const SEEDS: Readonly<Record<Length, readonly number[]>> = {
  quick: [0],
  cpu: [0],
  gpu: [0, 1, 2],
  paper: [0, 1, 2],
};

/** Threads per run: as asked for, else a share of the processors where there are several jobs. */
function shareThreads({ jobs, threads }: ExperimentValues): number | undefined {
  const share = Math.max(1, Math.floor(navigator.hardwareConcurrency / jobs));
  return threads ?? (jobs === 1 ? undefined : share);
}

/** Whether --quick has no data, so that it uses plain shapes. */
const lacksData = ({ quick, data }: ExperimentValues): boolean =>
  quick && data === undefined && !Deno.env.get("GOODINIT_DATA");

/** The options of the command line for every run. */
function commonOptions(values: ExperimentValues): RunOptions {
  const { epochs, subset, "test-subset": testSubset, device, wide, procedural } = values;
  const given = { epochs, subset, "test-subset": testSubset, threads: shareThreads(values) };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    device,
    ...(wide ? { wide } : {}),
    ...(procedural
      ? { dataset: PROCEDURAL.name }
      : lacksData(values)
      ? { dataset: SHAPES.name }
      : {}),
  };
}

/** The device that a computation on this machine takes. */
async function resolveDevice({ device, threads }: ExperimentValues): Promise<string> {
  await using run = await openDevice({ device, threads });
  return run.device;
}

/** The default folder of results. */
const defaultFolder = ({ name }: Experiment, { quick }: ExperimentValues): string =>
  forCaller(`runs/${name.replace(":", "-")}${quick ? "-quick" : ""}`);

/** The values of the options of an experiment, those of all experiments among them. */
export type Given = ExperimentValues & Readonly<Record<string, unknown>>;

/** The values with the data set that the folder of the data shows, where an experiment may be of pictures. */
async function withPictures({ options = {} }: Experiment, values: Given): Promise<Given> {
  const { dataset } = options, { data } = values;
  const isOpen = dataset?.kind === "choice" && dataset.choices.includes(PICTURES.name) &&
    values.dataset === undefined && data !== undefined;
  return isOpen && await holdsPictures(data) ? { ...values, dataset: PICTURES.name } : values;
}

/** A description and its runs. */
type Planned = Pick<ExperimentPlan, "description" | "seeds" | "cells">;

/**
 * The runs of the rows and columns that are asked for, and beside them, to be kept as they are, those that the
 * folder holds: it may have been begun with others, and with more seeds of some.
 */
async function planSelected(
  whole: Description,
  values: ExperimentValues,
  options: GridOptions,
): Promise<Planned> {
  const { rows, columns } = values, description = selectPart(whole, { rows, columns });
  const cells = planCells(description, options), { seeds } = options;
  const before = rows === undefined && columns === undefined
    ? undefined
    : await readRecord(options.out ?? "");
  if (!before) return { description, seeds, cells };
  const asked = new Set(cells.map(({ run }) => run));
  const own = asked.union(new Set(before.cells.map(({ run }) => run)));
  const all = [...new Set([...before.cells.map(({ seed }) => seed), ...seeds])];
  const both = planCells(whole, { ...options, seeds: all }).filter(({ run }) => own.has(run))
    .map((cell) => asked.has(cell.run) ? cell : { ...cell, kept: true });
  return { description: withCells(whole, both), seeds: all, cells: both };
}

/**
 * Plans an experiment, before its data is loaded.
 *
 * @param resolve Which device it will have; the one that this machine has if left out.
 */
export async function planExperiment(
  experiment: Experiment,
  given: Given,
  resolve: (values: ExperimentValues) => Promise<string> = resolveDevice,
): Promise<ExperimentPlan> {
  const values = await withPictures(experiment, given);
  const whole = experiment.describe(values), device = await resolve(values);
  const length = chooseLength(values, device), { data, quiet } = values;
  const seeds = values.seeds === undefined ? SEEDS[length] : parseSeeds(values.seeds);
  const out = values.out ?? defaultFolder(experiment, values);
  const options: GridOptions = { length, seeds, options: commonOptions(values), out };
  const planned = await planSelected(whole, values, options);
  const { trains, options: { dataset }, images } = whole;
  return {
    ...planned,
    length,
    source: { trains, dataset, images, data, quiet },
    device,
    out,
  };
}
