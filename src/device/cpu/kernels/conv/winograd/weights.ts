/**
 * Weights in Winograd's domain: their memory layout, and the pass that transforms them.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../../kernel.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import { tileColumns } from "../../register_tile.ts";
import type { WeightStrides } from "../weights.ts";
import { type Algorithm, alongBoth } from "./algorithm.ts";
import { paddedStride } from "./blocks.ts";

/** Channels per unit. */
const CHANNELS = 8;

/** Transformed weights, laid out as [panel][product][channel][column]. */
export interface TransformedWeights {
  /** Columns of a panel; the last one is padded with zeros. */
  readonly columns: number;
  readonly panels: number;
  /** The product and panel strides in bytes. */
  readonly product: number;
  readonly panel: number;
  /** The slot of scratch memory that holds them. */
  readonly slot: number;
}

/** Reserves scratch memory for the transformed weights of a convolution. */
export function reserveWeights(
  context: KernelContext,
  g: ConvGeometry,
  { size }: Algorithm,
): TransformedWeights {
  const columns = tileColumns(context.features), panels = Math.ceil(g.outChannels / columns);
  const product = paddedStride(4 * g.channels * columns), panel = size * size * product;
  return { columns, panels, product, panel, slot: context.scratch(panels * panel / 4) };
}

/** Transforms the second argument, some channels of a panel per unit. */
export function transformWeights(
  context: KernelContext,
  g: ConvGeometry,
  algorithm: Algorithm,
  strides: WeightStrides,
  weights: TransformedWeights,
): Pass {
  const { features } = context, { size } = algorithm, { columns } = weights;
  return pass(weights.panels * g.channels / CHANNELS, (f, unit) => {
    const [panel, first] = coordinates(f, unit, [weights.panels, g.channels / CHANNELS]);
    const [channel, vector, from, to] = f.locals("i32", 4);
    const store = (row: number, column: number, value: readonly Local[]) => {
      f.get(to, value[0]!).access("v128.store", (row * size + column) * weights.product);
    };
    const transform = () =>
      alongBoth(f, features, algorithm.weight, (row, column) => {
        const value = f.locals("v128", 1);
        const at = 4 * (strides.start + row * strides.y + column * strides.x);
        loadFour(f, from, at, strides.out);
        f.set(value[0]);
        return value;
      }, store);
    const zeros = () => {
      const zero = f.locals("v128", 1);
      f.floats(0).set(zero[0]);
      for (let i = 0; i < size * size; i++) store(0, i, zero);
    };
    const transformVector = () => {
      if (g.outChannels % columns === 0) return transform();
      f.block(() => {
        f.get(panel).times(columns).get(vector).times(4).op("i32.add").i32(g.outChannels);
        f.op("i32.lt_u").when(() => {
          transform();
          f.exit(1);
        });
        zeros();
      });
    };
    f.get(panel).times(columns * strides.out).get(first).times(CHANNELS * strides.channel);
    f.op("i32.add").times(4).get(f.base(context.operands[1].slot!)).op("i32.add").set(from);
    f.get(panel).times(weights.panel).get(first).times(4 * CHANNELS * columns).op("i32.add");
    f.get(f.base(weights.slot)).op("i32.add").set(to);
    f.count(channel, CHANNELS, () => {
      f.count(vector, columns / 4, () => {
        transformVector();
        f.advance(from, 16 * strides.out).advance(to, 16);
      });
      f.advance(from, 4 * (strides.channel - columns * strides.out));
    });
  });
}

/** Loads four numbers `stride` elements apart. */
function loadFour(f: Func, from: Local, at: number, stride: number) {
  if (stride === 1) f.get(from).access("v128.load", at);
  else {
    f.get(from).access("v128.load32_splat", at);
    for (let lane = 1; lane < 4; lane++) {
      f.get(from).access("f32.load", at + 4 * lane * stride).lane("f32x4.replace_lane", lane);
    }
  }
}
