/**
 * Weights in Winograd's domain: their memory layout, and the code that transforms them.
 *
 * @module
 */
import type { KernelContext } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, alongBoth, countBlockProducts } from "./algorithm.ts";
import type { ColumnBlocks } from "./column_blocks.ts";

/** The memory layout of one block of columns, [product][channel][column], with strides in bytes. */
export interface WeightDomain {
  readonly product: number;
  /** From channel to channel. */
  readonly step: number;
  /** Bytes of the block. */
  readonly bytes: number;
}

/** The memory layout of a block of columns of so many channels. */
export function weightDomain(
  algorithm: Algorithm,
  channels: number,
  { columns }: ColumnBlocks,
): WeightDomain {
  const step = 16 * Math.ceil(columns / 4), bytes = channels * step;
  const product = bytes % 512 === 0 ? bytes + 64 : bytes;
  return { product, step, bytes: Math.ceil(countBlockProducts(algorithm) * product / 64) * 64 };
}

/** Some of the channels of a block of columns. */
export type WeightRange = Readonly<Record<"group" | "block" | "channel" | "end", Local>>;

/**
 * Emits code that transforms channels of a block of columns, to `to` in its domain; vectors are written
 * whole, also beyond its columns.
 */
export function transformWeights(
  f: Func,
  { features, operands: [, weight] }: KernelContext,
  { y, x }: Algorithm,
  strides: WeightStrides,
  { columns, full, remainder }: ColumnBlocks,
  domain: WeightDomain,
  { group, block, channel, end }: WeightRange,
  to: Local,
) {
  const [at, from, out, vector] = f.locals("i32", 4);
  const transformVector = (lanes: number) => {
    alongBoth(f, features, [y.weight, x.weight], (row, column) => {
      const value = f.local("v128"), tap = strides.start + row * strides.y + column * strides.x;
      loadColumns(f, from, 4 * tap, strides.out, lanes);
      f.set(value);
      return [value];
    }, (row, column, [value]) => {
      f.get(out, value!).access("v128.store", (row * x.size + column) * domain.product);
    });
    f.advance(from, 16 * strides.out).advance(out, 16);
  };
  const transformColumns = (count: number) => {
    f.count(vector, count >> 2, () => transformVector(4));
    if (count % 4) transformVector(count % 4);
  };
  f.get(group).times(strides.group).get(block).times(columns * strides.out).op("i32.add");
  f.get(channel).times(strides.channel).op("i32.add").times(4);
  f.get(f.base(weight.slot!)).op("i32.add").set(at);
  f.while(channel, end, 1, () => {
    f.get(at).set(from).get(to).set(out);
    f.block(() => {
      if (remainder) {
        f.get(block).i32(full).op("i32.eq").when(() => {
          transformColumns(remainder);
          f.exit(1);
        });
      }
      transformColumns(columns);
    });
    f.advance(at, 4 * strides.channel).advance(to, domain.step);
  });
}

/** Pushes a vector of elements `stride` apart, or its first lanes if there are fewer. */
function loadColumns(f: Func, from: Local, at: number, stride: number, lanes: number) {
  if (stride === 1) return f.get(from).access("v128.load", at);
  f.get(from).access("v128.load32_splat", at);
  for (let lane = 1; lane < lanes; lane++) {
    f.get(from).access("f32.load", at + 4 * lane * stride).lane("f32x4.replace_lane", lane);
  }
  return f;
}
