/**
 * The measure of an experiment: whether its numbers are accuracies or errors.
 *
 * @module
 */

/** What the numbers of an experiment are. */
export type Measure = "test error %" | "test accuracy %";

/** Anything whose numbers are in one measure, such as `test accuracy, %`. */
interface Measured {
  readonly measure: string;
}

/** Whether less is better: the measure is an error. */
export const isErrorMeasure = ({ measure }: Measured): boolean => /\berrors?\b/i.test(measure);

/** An accuracy from 0 to 1 in the unit of the measure, percent. */
export const toMeasure = (measured: Measured, accuracy: number): number =>
  100 * (isErrorMeasure(measured) ? 1 - accuracy : accuracy);
