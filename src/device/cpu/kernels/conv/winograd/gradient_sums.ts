/**
 * Transforms the sums of a weight gradient from Winograd's domain to the gradient.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type Algorithm, alongBoth, countBlockProducts } from "./algorithm.ts";
import { storeChannels } from "./transforms.ts";

/** Sums, laid out as [part][group][product][channel][column], with strides in bytes. */
export interface GradientSums {
  readonly parts: number;
  /** From channel to channel. */
  readonly row: number;
  readonly product: number;
  readonly group: number;
  readonly part: number;
  readonly slot: number;
}

/** Reserves scratch memory for sums. */
export function reserveSums(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
  parts: number,
): GradientSums {
  const row = 16 * Math.ceil(g.groupOut / 4), product = g.groupIn * row;
  const group = countBlockProducts(algorithm) * product, part = g.groups * group;
  return { parts, row, product, group, part, slot: context.scratch(parts * part / 4) };
}

/** Adds up the parts and transforms the sums back, one channel of each group per unit. */
export function transformSums(
  context: KernelContext,
  g: ConvGeometry,
  { y, x }: Algorithm,
  sums: GradientSums,
): Pass {
  const { features } = context, tapBytes = 4 * g.groupIn * g.outChannels;
  return pass(g.groupIn, (f, unit) => {
    const [group, vector, part, start, from, to] = f.locals("i32", 6);
    const totals = f.locals("v128", y.size * x.size);
    const transformVector = (lanes: number) => {
      f.get(start).set(from);
      addUp(f, sums, totals, { part, from });
      alongBoth(
        f,
        features,
        [y.weightGradient, x.weightGradient],
        (row, column) => [totals[row * x.size + column]!],
        (row, column, [value]) =>
          storeChannels(f, to, value!, (row * x.taps + column) * tapBytes, lanes),
      );
      f.advance(start, 16).advance(to, 4 * lanes);
    };
    f.get(f.base(sums.slot), unit).times(sums.row).op("i32.add").set(start);
    f.get(f.base(context.out), unit).times(4 * g.outChannels).op("i32.add").set(to);
    f.count(group, g.groups, () => {
      f.count(vector, g.groupOut >> 2, () => transformVector(4));
      if (g.groupOut % 4) transformVector(g.groupOut % 4);
      f.advance(start, sums.group - sums.row);
    });
    finishTaps(f, context, g, unit);
  });
}

/** Adds up the parts of one vector of every product. */
function addUp(
  f: Func,
  { parts, product, part: stride }: GradientSums,
  totals: readonly Local[],
  { part, from }: Readonly<Record<"part" | "from", Local>>,
) {
  totals.forEach((total, p) => f.get(from).access("v128.load", product * p).set(total));
  f.count(part, parts - 1, () => {
    f.advance(from, stride);
    totals.forEach((total, p) => {
      f.get(total, from).access("v128.load", product * p).op("f32x4.add").set(total);
    });
  });
}

/** Applies the epilogue to a channel at every tap. */
function finishTaps(f: Func, context: KernelContext, g: ConvGeometry, unit: Local) {
  const [tap, first] = f.locals("i32", 2);
  f.count(tap, countTaps(g), () => {
    f.get(tap).times(g.groupIn).get(unit).op("i32.add").times(g.outChannels).set(first);
    const last = () => f.get(first).plus(g.outChannels);
    context.finish(f, () => f.get(first), last, g.outChannels % 4 === 0);
  });
}
