/**
 * LSUV layer by layer: the variance and a few outputs of every layer, after each step down the net.
 *
 * @module
 */
import {
  init,
  type Key,
  key,
  lsuv,
  ops,
  type Params,
  type Runtime,
  type Tensor,
} from "../../mod.ts";
import { buildNet, type BuiltNet } from "./build_net.ts";
import { batchOf, firstIndices, type Images } from "./images.ts";
import type { Setting } from "./setting.ts";

/** The images on which variances are measured. */
export const BATCH = 32;
/** The output channels of a layer that are shown. */
export const SHOWN = 3;

/** The output of a layer to one image. */
export interface Maps {
  /** Rows and columns; a layer without positions has its units as rows. */
  readonly size: readonly [height: number, width: number];
  /** [channels, height, width]. */
  readonly values: Float32Array;
}

/** The net after LSUV has done its first `done` layers. */
export interface Frame {
  readonly done: number;
  /** The variance of each layer's output. */
  readonly variances: readonly number[];
  readonly maps: readonly Maps[];
}

/** The images on which weights are rescaled and variances are measured. */
const measuredOn = (images: Images): Tensor => batchOf(images, firstIndices(BATCH))[0];

/** Draws a net's weights by its setting's initialization. */
export const drawWeights = (
  run: Runtime,
  { net }: BuiltNet,
  seed: number,
  images: Images,
): Params => run.jit((k: Key) => net.init(k, measuredOn(images)))(key(seed));

/** The weights after LSUV. */
export const rescale = (run: Runtime, { net }: BuiltNet, params: Params, images: Images): Params =>
  run.jit((p: Params, x: Tensor) => lsuv(net, p, x))(params, measuredOn(images));

/** The first channels of a layer's output to the first image, [channels, height, width]. */
function firstMaps(y: Tensor): Tensor {
  const first = ops.slice(y, [0], [1]), [, height = 1, width = 1, channels] = y.shape;
  if (channels === undefined) return ops.reshape(first, [1, height, 1]);
  const image = ops.reshape(first, [height, width, channels]);
  return ops.transpose(
    ops.slice(image, [0, 0, 0], [height, width, Math.min(SHOWN, channels)]),
    [2, 0, 1],
  );
}

/** Measures every layer with weights: its variance, of maxout the mean of its pieces', and some outputs. */
function measure({ net, weighted }: BuiltNet, params: Params, x: Tensor) {
  const found = init.variances(net, params, x), maps: Tensor[] = [];
  let y = x;
  net.layers.forEach((layer, i) => {
    y = layer((params as readonly Params[])[i]!, y);
    if (weighted.includes(i)) maps.push(firstMaps(y));
  });
  return { variances: found.map((v) => ops.mean(v)), maps };
}

/** The weights when LSUV has done the layers up to the index `last`. */
const mixed = (before: Params, after: Params, last: number): Params =>
  (before as readonly Params[]).map((own, i) => i <= last ? (after as readonly Params[])[i]! : own);

/** The frames of LSUV's walk down a net: as it was, and after each of its layers with weights. */
export async function* walk(
  run: Runtime,
  setting: Setting,
  images: Images,
): AsyncGenerator<Frame> {
  const built = buildNet(setting), x = measuredOn(images);
  const measured = run.jit((params: Params, x: Tensor) => measure(built, params, x));
  const frame = async (done: number, params: Params): Promise<Frame> => {
    const { variances, maps } = measured(params, x), read = await run.read({ variances, maps });
    return {
      done,
      variances: read.variances.map(([variance]) => variance!),
      maps: maps.map(({ shape }, i) => ({
        size: [shape[1]!, shape[2]!] as const,
        values: read.maps[i] as Float32Array,
      })),
    };
  };
  const before = drawWeights(run, built, setting.seed, images);
  yield await frame(0, before);
  const after = rescale(run, built, before, images);
  for (const [i, last] of built.weighted.entries()) {
    yield await frame(i + 1, mixed(before, after, last));
  }
}
