/**
 * The model of a run, as the run's files describe it.
 *
 * @module
 */
import type { Prepared } from "../../src/data/mod.ts";
import { PREPARATIONS } from "../datasets/preparations.ts";
import { type Fields, modelFields } from "./fields.ts";
import type { Settings, TaskName } from "../run/settings.ts";

/** The description of a run's net and its preprocessing, for the manifest and the weights file. */
export function runFields(
  task: TaskName,
  settings: Settings,
  { dataset, mean }: Prepared,
): Fields {
  const { height, width, channels, classes, classNames } = dataset;
  const { preprocessing } = PREPARATIONS[task];
  const size = { height, width, channels, classes, classNames };
  const known = preprocessing === "contrast" ? { mean } : {};
  return modelFields({ ...settings, ...size, preprocessing, ...known });
}
