/**
 * The model of a run, as the run's files describe it.
 *
 * @module
 */
import { inputSize, type Prepared } from "../../src/data/mod.ts";
import { PIXEL_SCALE, takesPixelScale, usualPreprocessing } from "../datasets/preparations.ts";
import { type Fields, modelFields } from "./fields.ts";
import type { Settings, TaskName } from "../run/settings.ts";

/** Whether a run's images were resized, so that whoever uses its net must do the same. */
const isResized = ({ size, crop, dataset }: Settings): boolean =>
  size !== undefined || crop !== undefined || dataset === "pictures";

/** The description of a run's net and its preprocessing, for the manifest and the weights file. */
export function runFields(task: TaskName, settings: Settings, train: Prepared): Fields {
  const { dataset: { height, width, channels, classes, classNames }, mean } = train;
  const { preprocessing = usualPreprocessing(task, settings.dataset) } = settings;
  return modelFields({
    ...settings,
    ...inputSize(train),
    classes,
    classNames,
    preprocessing,
    pixelScale: takesPixelScale(preprocessing) ? settings.pixelScale ?? PIXEL_SCALE : undefined,
    ...isResized(settings) && { frame: { height, width, channels } },
    ...preprocessing !== "scale" && { mean },
  });
}
