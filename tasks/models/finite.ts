/**
 * Numbers of trained nets that are not finite: in weights, and in what a net computes.
 *
 * @module
 */
import { grouped } from "../../src/counted.ts";
import type { StoredTensor } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";

/** How many numbers of an array are not finite. */
export interface NonFinite {
  readonly nan: number;
  readonly infinite: number;
}

/** A tensor of weights that has such numbers. */
export interface NonFiniteTensor extends NonFinite {
  readonly name: string;
  readonly size: number;
}

/** Counts the numbers that are not finite; undefined where all are. */
export function countNonFinite(numbers: ArrayLike<number>): NonFinite | undefined {
  let sum = 0;
  // 0 times a number is NaN where that is not finite, so that one test stands for all.
  for (let i = 0; i < numbers.length; i++) sum += 0 * numbers[i]!;
  if (sum === 0) return undefined;
  let nan = 0, infinite = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isNaN(numbers[i])) nan++;
    else if (!Number.isFinite(numbers[i])) infinite++;
  }
  return { nan, infinite };
}

/** Such numbers in words: `3 NaN and 1 infinite`. */
export const nonFiniteText = ({ nan, infinite }: NonFinite): string =>
  [
    ...(nan > 0 ? [`${grouped(nan)} NaN`] : []),
    ...(infinite > 0 ? [`${grouped(infinite)} infinite`] : []),
  ].join(" and ");

/** The tensors that have numbers which are not finite. */
export const nonFiniteTensors = (
  tensors: ReadonlyMap<string, StoredTensor>,
): readonly NonFiniteTensor[] =>
  [...tensors].flatMap(([name, { data }]) => {
    const found = countNonFinite(data);
    return found ? [{ name, size: data.length, ...found }] : [];
  });

/** What is not finite in weights: `3 NaN of 8,192 in 4.w, and more in 2 other tensors`. */
export function describeNonFinite([first, ...others]: readonly NonFiniteTensor[]): string {
  const { name, size } = first!, more = others.length;
  return `${nonFiniteText(first!)} of ${grouped(size)} in ${name}` +
    (more > 0 ? `, and more in ${more} other ${more === 1 ? "tensor" : "tensors"}` : "");
}

/** A net's weights as they were read. */
interface Weights {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** How the run ended that they are of. */
  readonly status?: string | undefined;
}

/** Throws a {@linkcode TaskError} on weights that are not finite, which says whether their run diverged. */
export function requireFinite({ path, tensors, status }: Weights): void {
  const found = nonFiniteTensors(tensors);
  if (found.length === 0) return;
  const why = status?.startsWith("diverged") ? `; the run ${status}` : "";
  throw new TaskError(
    `${path}: expected finite weights, found ${describeNonFinite(found)}${why}`,
  );
}

/**
 * Throws a {@linkcode TaskError} on outputs of a net that are not finite.
 *
 * @param numbers [images, each] of the images from `first` on.
 * @param what Such as `outputs`.
 */
export function requireFiniteOutputs(
  numbers: ArrayLike<number>,
  images: number,
  first: number,
  what: string,
): void {
  if (!countNonFinite(numbers)) return;
  const each = numbers.length / images;
  const at = Array.from(numbers).findIndex((value) => !Number.isFinite(value));
  throw new TaskError(
    `expected finite ${what} of the net, found ${numbers[at]} for image ${
      first + Math.floor(at / each)
    }: its weights are finite, but too large for 32-bit floats with these images`,
  );
}
