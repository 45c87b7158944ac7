/**
 * What both orders of a convolution by Winograd's algorithms are generated from.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { KernelContext } from "../../../kernel.ts";
import type { WeightStrides } from "../weights.ts";
import type { Algorithm } from "./algorithm.ts";
import type { Blocks } from "./blocks.ts";

/** The parts of a convolution. */
export interface Convolution {
  readonly context: KernelContext;
  readonly g: ConvGeometry;
  readonly algorithm: Algorithm;
  readonly strides: WeightStrides;
  readonly blocks: Blocks;
}
