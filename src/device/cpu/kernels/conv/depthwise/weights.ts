/**
 * Weights of a convolution of small groups as its lanes read them: in place where neighboring channels of
 * the result have neighboring weights, else packed so.
 *
 * @module
 */
import { type ConvGeometry, countTaps } from "../../../../../ops/conv_geometry.ts";
import { type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { WeightStrides } from "../weights.ts";

/** Where the weights of the result's channels are, [y, x, k, channel], in elements. */
export interface LaneWeights {
  readonly slot: number;
  readonly start: number;
  readonly y: number;
  readonly x: number;
  readonly k: number;
  /** The pass that packs them, if they are not in place. */
  readonly packing: readonly Pass[];
}

/** The weights of a convolution, the second argument. */
export function laneWeights(
  context: KernelContext,
  g: ConvGeometry,
  { start, y, x, channel, out, group }: WeightStrides,
): LaneWeights {
  const isInPlace = group === g.groupOut && (g.groupOut === 1 || out === 1);
  if (isInPlace) {
    return { slot: context.operands[1].slot!, start, y, x, k: channel, packing: [] };
  }
  const size = g.outChannels, slot = context.scratch(countTaps(g) * g.groupIn * size + 4);
  const packing = pass(g.y.kernel, (f, row) => {
    const [tap, k, o, from, to] = f.locals("i32", 5);
    f.get(f.base(slot), row).times(4 * g.x.kernel * g.groupIn * size).op("i32.add").set(to);
    f.count(tap, g.x.kernel, () => {
      f.count(k, g.groupIn, () => {
        f.count(o, size, () => {
          f.get(row).times(y).get(tap).times(x).op("i32.add").get(k).times(channel);
          f.op("i32.add").plus(start).get(o).i32(g.groupOut).op("i32.div_u").times(group);
          f.op("i32.add").get(o).i32(g.groupOut).op("i32.rem_u").times(out).op("i32.add");
          f.times(4).get(f.base(context.operands[1].slot!)).op("i32.add").set(from);
          f.get(to, from).access("i32.load").access("i32.store").advance(to, 4);
        });
      });
    });
  });
  const k = size, tap = g.groupIn * size;
  return { slot, start: 0, y: g.x.kernel * tap, x: tap, k, packing: [packing] };
}
