/**
 * The settings of training in stages and of teachers, from the options.
 *
 * @module
 */
import { OptionError } from "../../cli/option_table.ts";
import type { Settings } from "../../run/settings.ts";
import type { ResolvedValues } from "../options/mod.ts";

/** The settings of what comes before the epochs, and of a teacher. */
export type PretrainSettings = Pick<
  Settings,
  | "pretrain"
  | "pretrainEpochs"
  | "pretrainRate"
  | "teacher"
  | "temperature"
  | "distill"
  | "distillEnd"
  | "distillUntil"
  | "hintLayers"
  | "teacherLayers"
>;

/** The options that each choice requires, and what must stand beside them. */
const REQUIRED = [
  [
    ["pretrain-epochs", "pretrain-rate"],
    "--pretrain",
    (v: ResolvedValues) => v.pretrain !== "none",
  ],
  [
    ["temperature", "distill", "distill-end"],
    "--teacher",
    (v: ResolvedValues) => v.teacher !== undefined,
  ],
  [
    ["hint-layers", "teacher-layers"],
    "--pretrain hints",
    (v: ResolvedValues) => v.pretrain === "hints",
  ],
] as const;

function check(values: ResolvedValues): void {
  for (const [names, beside, fits] of REQUIRED) {
    const found = names.find((name) => values[name] !== undefined);
    if (found === undefined || fits(values)) continue;
    throw new OptionError(`--${found}: expected ${beside} beside it, found none`);
  }
  const { pretrain, teacher } = values;
  if (pretrain === "hints" && teacher === undefined) {
    throw new OptionError("--pretrain hints: expected --teacher beside it, found none");
  }
}

/** The settings; empty where there are neither stages nor a teacher. */
export function pretrainSettings(values: ResolvedValues): PretrainSettings {
  check(values);
  const { pretrain, teacher } = values;
  return {
    ...(pretrain !== "none" && {
      pretrain,
      pretrainEpochs: values["pretrain-epochs"] ?? 10,
      pretrainRate: values["pretrain-rate"],
    }),
    ...(pretrain === "hints" && {
      hintLayers: values["hint-layers"],
      teacherLayers: values["teacher-layers"],
    }),
    ...(teacher !== undefined && {
      teacher,
      temperature: values.temperature ?? 3,
      distill: values.distill ?? 4,
      distillEnd: values["distill-end"] ?? values.distill ?? 1,
      distillUntil: values.epochs,
    }),
  };
}
