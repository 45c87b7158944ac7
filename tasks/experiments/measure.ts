/**
 * The measure of an experiment: whether its numbers are accuracies or errors.
 *
 * @module
 */

/** The measure of an experiment's numbers. */
export type Measure = "test error %" | "test accuracy %";

/** Anything with a measure, such as `test accuracy, %`. */
interface Measured {
  readonly measure: string;
}

/** Whether the measure is an error, so that less is better. */
export const isErrorMeasure = ({ measure }: Measured): boolean => /\berrors?\b/i.test(measure);

/** An accuracy from 0 to 1 in the unit of the measure, percent. */
export const toMeasure = (measured: Measured, accuracy: number): number =>
  100 * (isErrorMeasure(measured) ? 1 - accuracy : accuracy);
