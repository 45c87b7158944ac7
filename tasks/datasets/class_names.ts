/**
 * The names of the classes of the data sets.
 *
 * @module
 */
import { datasetFacts, type DatasetName } from "./registry.ts";

/**
 * The names of a data set's classes, by label; numbers where the data set has another count of classes.
 *
 * @param own The names that the data or the weights themselves have, if any.
 */
export function classNames(
  dataset: DatasetName,
  classes: number,
  own?: readonly string[],
): readonly string[] {
  return [own, datasetFacts(dataset).classNames].find((names) => names?.length === classes) ??
    Array.from({ length: classes }, (_, label) => `class ${label}`);
}
