/**
 * Options of windows and convolutions, and the attributes of ops that they become: equal geometries have equal
 * attributes, whichever way they were written.
 *
 * @module
 */
import type { Attrs } from "../tensor.ts";
import type { Tuple } from "../tuple.ts";
import { extent, type WindowOptions } from "./window_axis.ts";

/** A number for both axes of an image, or one for each. */
export type PerAxis = number | readonly [vertical: number, horizontal: number];

/** Padding before and after an axis. */
export type AxisPadding = readonly [before: number, after: number];

/** Padding of an image, in pixels: on every side, for each axis, or for each side. */
export type Padding =
  | PerAxis
  | readonly [vertical: AxisPadding, horizontal: AxisPadding];

/** Options of a convolution. */
export interface ConvOptions {
  /** Step between windows, in pixels; 1 if left out. */
  readonly stride?: PerAxis | undefined;
  /**
   * Zeros around the image, in pixels; 0 if left out. `"same"` gives ⌈size / stride⌉ windows an axis, with
   * the odd zero after the image, as in JAX, TensorFlow and Keras (and in PyTorch, which has it for stride
   * 1).
   */
  readonly padding?: Padding | "same" | undefined;
  /** Step between the taps of a window, in pixels; 1, a window without gaps, if left out. */
  readonly dilation?: PerAxis | undefined;
  /** Groups that the channels are split into, convolved independently; 1 if left out. */
  readonly groups?: number;
}

/** The options of the windows along both axes, the kernel's size aside. */
export type WindowsOf = Readonly<Record<"y" | "x", Required<Omit<WindowOptions, "kernel">>>>;

/** Both numbers of an option. */
export const perAxis = (value: PerAxis): readonly [number, number] =>
  Array.isArray(value) ? value as readonly [number, number] : [value as number, value as number];

/** A padding as four numbers: top, bottom, left, right. */
function sides(padding: Padding): readonly number[] {
  const [y, x] = typeof padding === "number" ? [padding, padding] : padding;
  return [...perAxis(y), ...perAxis(x)];
}

/** The padding before and after `size` pixels that gives ⌈size / stride⌉ windows. */
function samePadding(size: number, kernel: number, stride: number, dilation: number): AxisPadding {
  const windows = Math.ceil(size / stride);
  const total = Math.max(0, (windows - 1) * stride + extent({ kernel, dilation }) - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** The shortest form of numbers: one if all are equal, one a pair if both of every pair are. */
export function shortest(numbers: readonly number[]): number | readonly number[] {
  const [first] = numbers as Tuple<number, 4>;
  if (numbers.every((n) => n === first)) return first;
  const [top, bottom, left, right] = numbers as Tuple<number, 4>;
  return numbers.length === 4 && top === bottom && left === right ? [top, left] : numbers;
}

/** The forms of an option, and whether a value has one. */
const FORMS = {
  integer: ["an integer", (value: unknown) => !Array.isArray(value)],
  pair: ["an integer or two of them", (value: unknown) => isPair(value)],
  sides: [
    "an integer, two of them or [[top, bottom], [left, right]]",
    (value: unknown) => isPair(value) || isList2(value) && (value as unknown[]).every(isList2),
  ],
} as const;

const isList2 = (value: unknown) => Array.isArray(value) && value.length === 2;
const isPair = (value: unknown) =>
  !Array.isArray(value) || isList2(value) && !value.some((n) => Array.isArray(n));

/** Throws RangeError unless an option has a form, of integers that are `least` or more. */
export function checkOption(
  name: string,
  option: string,
  value: unknown,
  least: number,
  form: keyof typeof FORMS,
): void {
  const [expected, fits] = FORMS[form];
  const numbers = [value].flat(2);
  if (fits(value) && numbers.every((n) => Number.isInteger(n) && n as number >= least)) return;
  throw new RangeError(
    `${name}: expected ${option} of at least ${least}, ${expected}, found ${option} ${
      Array.isArray(value) ? JSON.stringify(value) : value
    }`,
  );
}

/** Throws RangeError unless options are numbers that a convolution can have. */
export function checkConvOptions(name: string, options: ConvOptions): void {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkOption(name, "stride", stride, 1, "pair");
  checkOption(name, "dilation", dilation, 1, "pair");
  checkOption(name, "groups", groups, 1, "integer");
  if (padding !== "same") checkOption(name, "padding", padding, 0, "sides");
}

/** The padding [top, bottom, left, right] of an image and a kernel of some size [height, width]. */
export function sidesOf(
  { padding = 0, stride = 1, dilation = 1 }: ConvOptions,
  image: readonly number[],
  kernel: readonly number[],
): readonly number[] {
  if (padding !== "same") return sides(padding);
  const strides = perAxis(stride), dilations = perAxis(dilation);
  return ([0, 1] as const).flatMap((axis) =>
    samePadding(image[axis]!, kernel[axis]!, strides[axis], dilations[axis])
  );
}

/** The attributes of a convolution with a padding [top, bottom, left, right]. */
export function convAttrs(
  { stride = 1, dilation = 1, groups = 1 }: Omit<ConvOptions, "padding">,
  padding: readonly number[],
): Attrs {
  const dilations = perAxis(dilation);
  return {
    stride: shortest(perAxis(stride)),
    padding: shortest(padding),
    groups,
    ...(dilations.some((d) => d !== 1) && { dilation: shortest(dilations) }),
  };
}

/** The windows that attributes describe. */
export function windowsOf({ stride, padding, dilation = 1 }: Attrs): WindowsOf {
  const [strideY, strideX] = perAxis(stride as PerAxis);
  const [dilationY, dilationX] = perAxis(dilation as PerAxis);
  const given = padding as number | readonly number[];
  const [top, bottom, left, right] =
    (typeof given === "object" && given.length === 4 ? given : sides(given as PerAxis)) as Tuple<
      number,
      4
    >;
  return {
    y: { stride: strideY, dilation: dilationY, padding: top, paddingAfter: bottom },
    x: { stride: strideX, dilation: dilationX, padding: left, paddingAfter: right },
  };
}
