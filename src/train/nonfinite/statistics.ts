/**
 * How many numbers of a tensor are not finite, and in what range the others are.
 *
 * @module
 */
import {
  cast,
  constant,
  isFinite,
  isNaN,
  max,
  min,
  stack,
  sub,
  sum,
  where,
} from "../../ops/mod.ts";
import type { Data } from "../../host_data.ts";
import type { Tensor } from "../../tensor.ts";
import { HUGE } from "./recovery.ts";

/** What is known of a tensor's elements. */
export interface Statistics {
  /** How many are NaN. */
  readonly nan: number;
  /** How many are infinite. */
  readonly infinite: number;
  /** How many there are. */
  readonly size: number;
  /** The least of the finite ones. */
  readonly least: number;
  /** The largest of the finite ones. */
  readonly most: number;
}

/** The statistics of a tensor, f32[4]: NaN, infinite, the least and the largest of the finite ones. */
export function measureTensor(x: Tensor): Tensor {
  if (x.dtype !== "f32" || x.size === 0) return constant(0, [4]);
  const finite = isFinite(x), own = where(finite, x, 0);
  const nan = cast(sum(cast(isNaN(x), "i32")), "f32");
  const bad = cast(sum(cast(sub(1, finite), "i32")), "f32");
  return stack([nan, sub(bad, nan), min(own), max(own)]);
}

/** The statistics of a tensor, from what {@linkcode measureTensor} gives. */
export function statisticsOf([nan, infinite, least, most]: Data, size: number): Statistics {
  return { nan: nan!, infinite: infinite!, size, least: least!, most: most! };
}

/** Whether a step's rule takes all elements as finite. */
export const isFine = ({ nan, infinite, least, most }: Statistics): boolean =>
  nan + infinite === 0 && Math.max(-least, most) < HUGE;

/** A number in few digits: `0.25`, `-2.5e+37`. */
function short(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(3)));
  return value.toExponential(2).replace(/\.?0+e/, "e");
}

/** The range of the finite elements as text: `[-1e+38, 2e+37]`. */
export const showRange = ({ least, most }: Pick<Statistics, "least" | "most">): string =>
  `[${short(least)}, ${short(most)}]`;

/** What is wrong, as text: `3 of 8192 values are NaN, 1 infinite`. */
export function showFault({ nan, infinite, size, ...range }: Statistics): string {
  const are = (count: number) => count === 1 ? "is" : "are";
  if (nan + infinite === 0) return `its values are in ${showRange(range)}`;
  const values = size === 1 ? "value" : "values";
  if (nan === 0) return `${infinite} of ${size} ${values} ${are(infinite)} infinite`;
  const more = infinite > 0 ? `, ${infinite} infinite` : "";
  return `${nan} of ${size} ${values} ${are(nan)} NaN${more}`;
}
