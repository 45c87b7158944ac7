/**
 * The options of the training tasks: tables by subject, in the order of the help page.
 *
 * @module
 */
import type { TaskName } from "../../run/settings.ts";
import { dataOptions } from "./data.ts";
import { deviceOptions } from "./device.ts";
import { epochOptions } from "./epochs.ts";
import { IMAGE_OPTIONS } from "./images.ts";
import { INIT_OPTIONS } from "./init.ts";
import { lsuvOptions } from "./lsuv.ts";
import { netOptions } from "./net.ts";
import { optimizerOptions } from "./optimizer.ts";
import { PRETRAIN_OPTIONS } from "./pretrain.ts";
import { PRESET_OPTIONS } from "./preset.ts";
import { RUN_OPTIONS } from "./run.ts";
import { scheduleOptions } from "./schedule.ts";
import type { PresetValues } from "../presets.ts";
import type { Parsed } from "../../cli/parse_options.ts";
import type { Table, Values } from "../../cli/option_table.ts";

/** The table of options of a task. */
export const trainTable = (task: TaskName) =>
  ({
    ...PRESET_OPTIONS,
    ...dataOptions(task),
    ...IMAGE_OPTIONS,
    ...netOptions(task),
    ...INIT_OPTIONS,
    ...lsuvOptions(task),
    ...PRETRAIN_OPTIONS,
    ...optimizerOptions(task),
    ...scheduleOptions(task),
    ...epochOptions(task),
    ...deviceOptions(task),
    ...RUN_OPTIONS,
  }) as const satisfies Table;

/** The parsed command line of a training task. */
export type TrainOptions = Parsed<ReturnType<typeof trainTable>>;

/** The values of its options. */
export type TrainValues = Values<ReturnType<typeof trainTable>>;

/** The values with those that a preset has for options that were not given. */
export type ResolvedValues = TrainValues & PresetValues;
