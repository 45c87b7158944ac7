/**
 * Transforms the sums of a weight gradient from Winograd's domain to the gradient.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { ROWS, tileColumns } from "../../register_tile.ts";
import { type Algorithm, alongBoth } from "./algorithm.ts";

/** Sums, laid out as [part][product][channel ÷ 4][panel][4][column]. */
export interface GradientSums {
  readonly parts: number;
  readonly products: number;
  /** Elements of one product. */
  readonly elements: number;
  readonly slot: number;
}

/** Adds up the parts and transforms the sums back, four channels per unit. */
export function transformSums(
  context: KernelContext,
  g: ConvGeometry,
  { size, weightGradient }: Algorithm,
  sums: GradientSums,
): Pass {
  const { features } = context, columns = tileColumns(features);
  const panels = Math.ceil(g.outChannels / columns), perUnit = 4 * ROWS * columns * panels;
  return pass(g.channels / ROWS, (f, unit) => {
    const [row, vector, part, from, to, start, tap, first] = f.locals("i32", 8);
    const totals = f.locals("v128", sums.products);
    const pointToVector = () => {
      f.get(vector).i32(columns / 4).op("i32.div_u").times(4 * ROWS * columns);
      f.get(vector).i32(columns / 4).op("i32.rem_u").times(16).op("i32.add");
      f.get(start).op("i32.add").set(from);
    };
    const transformBack = () =>
      alongBoth(
        f,
        features,
        weightGradient,
        (y, x) => [totals[y * size + x]!],
        (y, x, [value]) => {
          f.get(to, value!).access("v128.store", 4 * (3 * y + x) * g.channels * g.outChannels);
        },
      );
    f.get(f.base(sums.slot), unit).times(perUnit).op("i32.add").set(start);
    f.get(f.base(context.out), unit).times(4 * ROWS * g.outChannels).op("i32.add").set(to);
    f.count(row, ROWS, () => {
      f.count(vector, g.outChannels / 4, () => {
        pointToVector();
        addUp(f, sums, totals, { part, from });
        transformBack();
        f.advance(to, 16);
      });
      f.advance(start, 4 * columns);
    });
    finishTaps(f, context, g, unit, { tap, first });
  });
}

/** Adds up the parts of one vector of every product. */
function addUp(
  f: Func,
  { parts, products, elements }: GradientSums,
  totals: readonly Local[],
  { part, from }: Readonly<Record<"part" | "from", Local>>,
) {
  totals.forEach((total, p) => f.get(from).access("v128.load", 4 * elements * p).set(total));
  f.count(part, parts - 1, () => {
    f.advance(from, 4 * elements * products);
    totals.forEach((total, p) => {
      f.get(total, from).access("v128.load", 4 * elements * p).op("f32x4.add").set(total);
    });
  });
}

/** Applies the epilogue to a unit's channels at every tap. */
function finishTaps(
  f: Func,
  context: KernelContext,
  g: ConvGeometry,
  unit: Local,
  { tap, first }: Readonly<Record<"tap" | "first", Local>>,
) {
  f.count(tap, 9, () => {
    f.get(tap).times(g.channels).get(unit).times(ROWS).op("i32.add").times(g.outChannels);
    f.set(first);
    const last = () => f.get(first).plus(ROWS * g.outChannels);
    context.finish(f, () => f.get(first), last, true);
  });
}
