/**
 * The options of the training tasks: tables by subject, in the order of the help page.
 *
 * @module
 */
import type { TaskName } from "../../run/settings.ts";
import { dataOptions } from "./data.ts";
import { deviceOptions } from "./device.ts";
import { epochOptions } from "./epochs.ts";
import { imageOptions } from "./images.ts";
import { INIT_OPTIONS } from "./init.ts";
import { lsuvOptions } from "./lsuv.ts";
import { NONFINITE_OPTIONS } from "./nonfinite.ts";
import { netOptions } from "./net.ts";
import { optimizerOptions } from "./optimizer.ts";
import { PRETRAIN_OPTIONS } from "./pretrain.ts";
import { pictureOptions } from "./pictures.ts";
import { presetOptions } from "./preset.ts";
import { RUN_OPTIONS } from "./run.ts";
import { REGULARIZE_OPTIONS } from "./regularize.ts";
import { scheduleOptions } from "./schedule.ts";
import type { Section } from "../../cli/help.ts";
import type { PresetValues } from "../presets.ts";
import type { Parsed } from "../../cli/parse_options.ts";
import type { Table, Values } from "../../cli/option_table.ts";

/** The tables of a task by their titles on the help page; without a title those of the first part. */
const trainTables = (task: TaskName) =>
  ({
    "": presetOptions(task),
    "DATA": dataOptions(task),
    "YOUR OWN PICTURES": pictureOptions(task),
    "IMAGES": imageOptions(task),
    "NET": netOptions(task),
    "INITIALIZATION": INIT_OPTIONS,
    "LSUV": lsuvOptions(task),
    "PRE-TRAINING AND TEACHERS": PRETRAIN_OPTIONS,
    "OPTIMIZER": optimizerOptions(task),
    "LEARNING RATE": scheduleOptions(task),
    "TRAINING": { ...epochOptions(task), ...NONFINITE_OPTIONS },
    "REGULARIZATION AND SELECTION": REGULARIZE_OPTIONS,
    "DEVICE": deviceOptions(task),
    "RUN": RUN_OPTIONS,
  }) as const satisfies Readonly<Record<string, Table>>;

/** The table of options of a task. */
export function trainTable(task: TaskName) {
  const tables = trainTables(task);
  return {
    ...tables[""],
    ...tables.DATA,
    ...tables["YOUR OWN PICTURES"],
    ...tables.IMAGES,
    ...tables.NET,
    ...tables.INITIALIZATION,
    ...tables.LSUV,
    ...tables["PRE-TRAINING AND TEACHERS"],
    ...tables.OPTIMIZER,
    ...tables["LEARNING RATE"],
    ...tables.TRAINING,
    ...tables["REGULARIZATION AND SELECTION"],
    ...tables.DEVICE,
    ...tables.RUN,
  } as const satisfies Table;
}

/** The sections of a task's help page. */
export const trainSections = (task: TaskName): readonly Section[] =>
  Object.entries(trainTables(task))
    .map(([title, table]) => ({ title, options: Object.keys(table) }))
    .filter(({ title, options }) => title !== "" && options.length > 0);

/** The parsed command line of a training task. */
export type TrainOptions = Parsed<ReturnType<typeof trainTable>>;

/** The values of its options. */
export type TrainValues = Values<ReturnType<typeof trainTable>>;

/** The values with those that a preset has for options that were not given. */
export type ResolvedValues = TrainValues & PresetValues;
