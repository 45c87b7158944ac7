/**
 * Transforms the sums of a weight gradient from Winograd's domain to the gradient.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { type Algorithm, countBlockProducts } from "./algorithm.ts";
import { transformNatively } from "./native_transforms.ts";
import { blockFunction } from "./transforms.ts";

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
  algorithm: Algorithm,
  sums: GradientSums,
): Pass {
  const { y, x } = algorithm, { features, module } = context;
  const tap = 4 * g.groupIn * g.outChannels, channels = g.groupOut;
  const from = { row: x.size * sums.product, column: sums.product, line: 0, block: sums.group };
  const to = { row: x.taps * tap, column: tap, line: 0, block: 4 * g.groupOut };
  const transform = (f: Func, start: Local, out: Local) => {
    const group = f.local("i32");
    if (module.multiply) {
      const blocks = { from: start, to: out, rows: 1, columns: g.groups, channels };
      transformNatively(f, module.multiply, algorithm, "weightGradient", blocks, from, to);
      return;
    }
    const back = module.once(
      JSON.stringify(["sums", y.tile, y.taps, x.tile, x.taps, channels, from, to]),
      () =>
        blockFunction(
          features,
          algorithm,
          "weightGradient",
          { channels, from, to },
          y.taps,
          x.taps,
        ),
    );
    f.count(group, g.groups, () => {
      f.get(start, out).call(back).advance(start, from.block).advance(out, to.block);
    });
  };
  return pass(g.groupIn, (f, unit) => {
    const [start, out] = f.locals("i32", 2);
    f.get(f.base(sums.slot), unit).times(sums.row).op("i32.add").set(start);
    f.get(f.base(context.out), unit).times(4 * g.outChannels).op("i32.add").set(out);
    if (sums.parts > 1) addParts(f, g, algorithm, sums, start);
    transform(f, start, out);
    finishTaps(f, context, g, unit);
  });
}

/** Adds the other parts of a channel's sums to the first. */
function addParts(
  f: Func,
  g: ConvGeometry,
  algorithm: Algorithm,
  { parts, row, product, group, part }: GradientSums,
  start: Local,
) {
  const [set, index, at, end] = f.locals("i32", 4), total = f.local("v128");
  f.get(start).set(at);
  f.count(set, g.groups, () => {
    f.count(index, countBlockProducts(algorithm), () => {
      f.get(at).plus(row).set(end);
      f.until(at, end, () => {
        f.get(at).access("v128.load").set(total);
        for (let p = 1; p < parts; p++) {
          f.get(total, at).access("v128.load", p * part).op("f32x4.add").set(total);
        }
        f.get(at, total).access("v128.store").advance(at, 16);
      });
      f.advance(at, product - row);
    });
    f.advance(at, group - countBlockProducts(algorithm) * product);
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
