/**
 * The presets of a training task: as long as in the paper, or a few minutes; and which one is the
 * default.
 *
 * @module
 */
import type { DeviceName } from "../../src/device/open.ts";
import { findGpu } from "../../src/device/webgpu/find_gpu.ts";
import type { PRESETS } from "../../src/init/mod.ts";
import type { MODELS } from "../../src/models/mod.ts";
import { quietDriver } from "../cli/quiet_driver.ts";
import { type DatasetName, isDrawn } from "../datasets/registry.ts";
import type { Tuple } from "../../src/tuple.ts";
import { PRESET_NAMES, type PresetName, type TaskName } from "../run/settings.ts";

/** A preset's options of LSUV, by the options' names. */
interface Lsuv {
  readonly lsuv: keyof typeof PRESETS;
  readonly "lsuv-mode": "fixed" | "fresh";
  readonly "lsuv-dropout": boolean;
}

interface Preset extends Lsuv {
  readonly net: keyof typeof MODELS;
  /** On real data, and on the fewer procedural images. */
  readonly epochs: { readonly real: number; readonly procedural: number };
}

/** LSUV as in the authors' script when the paper came out. */
export const PAPER_LSUV: Lsuv = {
  lsuv: "paper2015",
  "lsuv-mode": "fresh",
  "lsuv-dropout": true,
};

/** LSUV as most implementations have it: one compiled call on one batch. */
const COMMON_LSUV: Lsuv = { lsuv: "common", "lsuv-mode": "fixed", "lsuv-dropout": false };

/**
 * What the presets differ in; everything else is the authors' solver in both, including the schedule, which
 * is in fractions of the epochs. The authors' 90,000 and 50,000 steps are 230 and 53 epochs.
 */
const TABLE: Record<TaskName, Record<PresetName, Preset>> = {
  cifar: {
    paper: { net: "fitnet4", epochs: { real: 230, procedural: 230 }, ...PAPER_LSUV },
    quick: { net: "fitnet1", epochs: { real: 5, procedural: 10 }, ...COMMON_LSUV },
  },
  mnist: {
    paper: { net: "fitnetMnist", epochs: { real: 53, procedural: 53 }, ...PAPER_LSUV },
    quick: { net: "fitnetMnist", epochs: { real: 3, procedural: 10 }, ...COMMON_LSUV },
  },
  pictures: {
    paper: { net: "resnet20", epochs: { real: 90, procedural: 90 }, ...COMMON_LSUV },
    quick: { net: "resnet20", epochs: { real: 20, procedural: 10 }, ...COMMON_LSUV },
  },
};

/** The window of pictures that a net sees, where no size is given. */
export const PICTURE_CROPS: Readonly<Record<PresetName, number>> = { paper: 224, quick: 64 };

/** The values of a preset, by the options' names. */
export interface PresetValues extends Lsuv {
  readonly net: keyof typeof MODELS;
  readonly epochs: number;
}

/** The values of a preset on a data set. */
export function presetValues(
  task: TaskName,
  preset: PresetName,
  dataset: DatasetName,
): PresetValues {
  const { epochs, ...rest } = TABLE[task][preset];
  return { ...rest, epochs: epochs[isDrawn(dataset) ? "procedural" : "real"] };
}

/** An option's default in words, such as `fitnet4 with --preset paper, fitnet1 with quick`. */
export function presetDefault(task: TaskName, option: keyof PresetValues): string {
  const show = (preset: PresetName) => {
    const values = TABLE[task][preset], value = values[option];
    if (typeof value === "boolean") return value ? "on" : "off";
    if (typeof value === "string") return value;
    const { real, procedural } = values.epochs;
    return real === procedural ? `${real}` : `${real} (${procedural} on procedural images)`;
  };
  const [paper, quick] = PRESET_NAMES.map(show) as Tuple<string, 2>;
  return paper === quick ? paper : `${paper} with --preset paper, ${quick} with quick`;
}

/** A preset, and why it was chosen. */
export interface PresetChoice {
  readonly preset: PresetName;
  readonly why: string;
}

/** Whether there is a hardware GPU, without the driver's warnings. */
async function findHardwareGpu(): Promise<boolean> {
  quietDriver();
  return (await findGpu()).isHardware;
}

/**
 * The preset that was asked for, else `paper` on a hardware GPU and `quick` elsewhere.
 *
 * @param hasGpu Whether there is a hardware GPU; called only where it matters.
 */
export async function choosePreset(
  { preset, device }: { readonly preset?: PresetName | undefined; readonly device: DeviceName },
  hasGpu: () => Promise<boolean> = findHardwareGpu,
): Promise<PresetChoice> {
  if (preset) return { preset, why: "as asked for" };
  const may = device === "auto" || device === "webgpu";
  if (may && await hasGpu()) return { preset: "paper", why: "a hardware GPU" };
  const computes = device === "auto" ? "cpu" : device;
  return { preset: "quick", why: may ? `no hardware GPU: ${computes}` : `on ${device}` };
}
