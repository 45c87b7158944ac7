/**
 * The rows of taps that find rows of the image for a row of windows.
 *
 * @module
 */
import { spacedSize, type WindowAxis } from "../../../../../ops/window_axis.ts";
import type { Func, Local } from "../../../wasm/function.ts";

/** Finds the rows of taps of a row of windows. */
export interface TapRows {
  /** Bytes from the image's row of one of them to that of the next, and from its weights to the next's. */
  readonly leftStep: number;
  readonly weightStep: number;
  /**
   * Sets `line` to the first row of the image, `weight` to its weights, and `lines` to their number.
   *
   * @param at The row of windows, row 0 of the image, and where the weights are, in elements.
   */
  find(
    f: Func,
    at: {
      readonly y: Local;
      readonly base: Local;
      readonly weights: { readonly slot: number; readonly start: number };
    },
    found: Readonly<Record<"line" | "weight" | "lines", Local>>,
  ): void;
}

/** The rows of taps of an axis, for rows of the image and of the weights of so many bytes. */
export function tapRows(a: WindowAxis, row: number, weightRow: number): TapRows {
  const step = a.spacing / greatestCommonDivisor(a.spacing, a.dilation), size = spacedSize(a);
  const finds = (f: Func, position: Local) => {
    f.get(position).i32(size).op("i32.lt_u");
    if (a.spacing === 1) return;
    f.get(position).i32(a.spacing).op("i32.rem_u", "i32.eqz", "i32.and");
  };
  return {
    leftStep: step * a.dilation / a.spacing * row,
    weightStep: step * weightRow,
    find(f, { y, base, weights }, { line, weight, lines }) {
      const [tap, position] = f.locals("i32", 2);
      const advance = (taps: number) =>
        f.advance(tap, taps).advance(position, taps * a.dilation).get(tap).i32(a.kernel)
          .op("i32.lt_u");
      f.i32(0).tee(tap).set(lines).get(y).times(a.stride).plus(-a.padding).set(position);
      f.block(() =>
        f.loop(() => {
          finds(f, position);
          f.exitIf(1);
          advance(1);
          f.exitIf(0);
        })
      );
      f.get(base).get(position).i32(a.spacing).op("i32.div_u").times(row).op("i32.add").set(line);
      f.get(f.base(weights.slot)).plus(4 * weights.start).get(tap).times(weightRow);
      f.op("i32.add").set(weight);
      f.block(() =>
        f.loop(() => {
          f.get(tap).i32(a.kernel).op("i32.ge_u").exitIf(1);
          finds(f, position);
          f.op("i32.eqz").exitIf(1);
          f.advance(lines, 1);
          advance(step);
          f.exitIf(0);
        })
      );
    },
  };
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
