/**
 * What the classes of the data sets are called.
 *
 * @module
 */
import { datasetFacts, type DatasetName } from "./registry.ts";

/**
 * The names of so many classes of a data set, by label; numbers where it has others.
 *
 * @param own The names that the data or the weights themselves say, if they do.
 */
export function classNames(
  dataset: DatasetName,
  classes: number,
  own?: readonly string[],
): readonly string[] {
  return [own, datasetFacts(dataset).classNames].find((names) => names?.length === classes) ??
    Array.from({ length: classes }, (_, label) => `class ${label}`);
}
