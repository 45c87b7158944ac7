/**
 * Weights in Winograd's domain: their memory layout, and the code that transforms them.
 *
 * @module
 */
import type { KernelContext } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, countBlockProducts } from "./algorithm.ts";
import type { ColumnBlocks } from "./column_blocks.ts";
import { transformNatively } from "./native_transforms.ts";
import { blockFunction } from "./transforms.ts";

/** The memory layout of one block of columns, [product][channel][column], with strides in bytes. */
export interface WeightDomain {
  readonly product: number;
  /** From channel to channel. */
  readonly step: number;
  /** Bytes of the block. */
  readonly bytes: number;
  /** Bytes of a tap, and of all, before they are transformed: [tap][channel][column]. */
  readonly tap: number;
  readonly taps: number;
}

/** The memory layout of a block of columns, for `together` of its `channels` at a time. */
export function weightDomain(
  algorithm: Algorithm,
  channels: number,
  together: number,
  { columns }: ColumnBlocks,
): WeightDomain {
  const step = 16 * Math.ceil(columns / 4), bytes = channels * step;
  const product = bytes % 512 === 0 ? bytes + 64 : bytes, { y, x } = algorithm;
  // Vectors of 4 channels are gathered whole.
  const tap = step * 4 * Math.ceil(together / 4);
  return {
    product,
    step,
    bytes: Math.ceil(countBlockProducts(algorithm) * product / 64) * 64,
    tap,
    taps: Math.ceil(y.taps * x.taps * tap / 64) * 64,
  };
}

/** Channels first…end-1 of a block of columns of a group. */
export type WeightRange = Readonly<Record<"group" | "block" | "channel" | "end", Local>>;

/** The weights that are transformed, the memory for taps, and the place in their domain. */
export type WeightPlace = WeightRange & Readonly<Record<"taps" | "to", Local>>;

/**
 * Emits code that transforms some channels of a block of `count` columns. Their taps are gathered first,
 * since they lie far apart. Vectors are written whole, also beyond the columns.
 */
export function transformWeights(
  f: Func,
  context: KernelContext,
  { y, x }: Algorithm,
  strides: WeightStrides,
  { columns }: ColumnBlocks,
  domain: WeightDomain,
  at: WeightPlace,
  count: number,
) {
  gatherTaps(f, context, { y, x }, strides, columns, domain, at, count);
  const source = { row: x.taps * domain.tap, column: domain.tap, line: 0, block: domain.step };
  const product = domain.product;
  const target = { row: x.size * product, column: product, line: 0, block: domain.step };
  const { multiply: native } = context.module, channels = f.local("i32");
  f.get(at.end, at.channel).op("i32.sub").set(channels);
  if (native) {
    const blocks = { rows: 1, columns: { local: channels }, channels: count };
    const places = { from: at.taps, to: at.to, ...blocks };
    return transformNatively(f, native, { y, x }, "weight", places, source, target);
  }
  const [channel, from, to] = f.locals("i32", 3), whole = 4 * Math.ceil(count / 4);
  const strided = { channels: whole, from: source, to: target };
  const key = JSON.stringify(["weights", y.tile, y.taps, x.tile, x.taps, strided]);
  const transform = context.module.once(
    key,
    () => blockFunction(context.features, { y, x }, "weight", strided, y.size, x.size),
  );
  f.get(at.taps).set(from).get(at.to).set(to).i32(0).set(channel);
  f.while(channel, channels, 1, () => {
    f.get(from, to).call(transform).advance(from, domain.step).advance(to, domain.step);
  });
}

/** Gathers taps, reading along the axis of the weights whose elements are adjacent. */
function gatherTaps(
  f: Func,
  { operands: [, weight] }: KernelContext,
  { y, x }: Algorithm,
  strides: WeightStrides,
  columns: number,
  { step, tap: tapBytes }: WeightDomain,
  { group, block, channel, end, taps }: WeightRange & Readonly<Record<"taps", Local>>,
  count: number,
) {
  const [first, line, row, tap, from, to, at, place] = f.locals("i32", 8), vector = f.local("v128");
  /** Channel by channel: columns are adjacent. */
  const gatherChannels = () => {
    f.get(channel).set(at);
    f.while(at, end, 1, () => {
      for (let c = 0; c < count; c += 4) {
        f.get(to, from).access("v128.load", 4 * c).access("v128.store", 4 * c);
      }
      f.advance(from, 4 * strides.channel).advance(to, step);
    });
  };
  /** Column by column: channels are adjacent, and become rows. */
  const gatherColumns = () => {
    const column = f.local("i32");
    f.count(column, count, () => {
      f.get(to).set(place).get(channel).set(at);
      f.while(at, end, 4, () => {
        f.get(from).access("v128.load").set(vector);
        for (let i = 0; i < 4; i++) f.get(place, vector).storeLane(i, i * step);
        f.advance(from, 16).advance(place, 4 * step);
      });
      f.get(at, channel).op("i32.sub").times(-4).get(from).op("i32.add").plus(4 * strides.out);
      f.set(from).advance(to, 4);
    });
  };
  f.get(group).times(strides.group).get(block).times(columns * strides.out).op("i32.add");
  f.get(channel).times(strides.channel).op("i32.add").plus(strides.start).times(4);
  f.get(f.base(weight.slot!)).op("i32.add").set(first).get(taps).set(row);
  f.count(line, y.taps, () => {
    f.count(tap, x.taps, () => {
      f.get(first).set(from).get(row).set(to);
      if (strides.out === 1) gatherChannels();
      else gatherColumns();
      f.advance(first, 4 * strides.x).advance(row, tapBytes);
    });
    f.advance(first, 4 * (strides.y - x.taps * strides.x));
  });
}
