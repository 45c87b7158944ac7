/**
 * The convolutions of the FitNets, at their sizes in training.
 *
 * @module
 */
import { fitnet1, fitnet4, fitnetMnist } from "../../src/models/mod.ts";
import type { Layer } from "../../src/nn/mod.ts";
import { KERNEL_OPS } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { topological } from "../../src/graph.ts";
import type { Row } from "../result.ts";
import type { Bench } from "../suite.ts";
import { convolutionRows, type ConvSize, nameOf } from "./convolution.ts";
import type { Tuple } from "../../src/tuple.ts";

const specOf = (...shape: number[]): Spec => ({ shape, dtype: "f32" });

/** The sizes of a net's convolutions, each once, from its graph. */
export function findConvolutions(net: Layer, images: Spec): ConvSize[] {
  const graph = topological([net(net.init(key(0), images), placeholder(images))], () => false);
  const sizes = graph.filter(({ op }) => op === KERNEL_OPS.conv2d).map((y): ConvSize => {
    const [batch, side, , channels] = y.args[0]!.shape as Tuple<number, 4>;
    return { batch, side, channels, outputs: y.shape[3]! };
  });
  return [...new Map(sizes.map((size) => [nameOf(size), size])).values()];
}

/** The convolutions of all FitNets, those of each net in the order of its layers. */
export function fitnetSizes(quick: boolean): ConvSize[] {
  if (quick) return findConvolutions(fitnetMnist(), specOf(8, 28, 28, 1)).slice(-2);
  const all = [
    ...findConvolutions(fitnet1(), specOf(128, 32, 32, 3)),
    ...findConvolutions(fitnet4({ dropout: 0 }), specOf(128, 32, 32, 3)),
    ...findConvolutions(fitnetMnist({ dropout: 0 }), specOf(64, 28, 28, 1)),
  ];
  return [...new Map(all.map((size) => [nameOf(size), size])).values()];
}

/** Every convolution in its three directions. */
export async function* convolutions(bench: Bench): AsyncGenerator<Row> {
  for (const size of fitnetSizes(bench.quick)) yield* convolutionRows(bench, size, "convolution");
}
