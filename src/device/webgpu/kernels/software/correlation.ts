/**
 * Correlations on software adapters: conv2d at stride 1, its image gradient, and matrix products. Sizes are
 * parameters of the dispatch, so that layers of different sizes share a pipeline.
 *
 * @module
 */
import {
  type ConvGeometry,
  countTaps,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import { windowAxis } from "../../../../ops/window_axis.ts";
import type { Pieces } from "../../../../plan/plan.ts";
import { sizeOf } from "../../../../shape.ts";
import { image as imageAccessor, scratchImage } from "../accessors.ts";
import { splitWorkgroups } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered, Scratch } from "../kernel.ts";
import { finish } from "../partials.ts";
import type { Width } from "../../wgsl/types.ts";
import { directImage, padImage } from "./correlation_image.ts";
import { listParameters, writeShader } from "./correlation_text.ts";

/** Threads of a workgroup, the most first: they share the staged weights. */
const THREADS = [1024, 512, 256, 128, 64];
/** The number of workgroups to aim at, to occupy all threads of the processor. */
const GROUPS = 16;
/**
 * Output channels per thread, the most first: as many accumulators as fit into vector registers beside a
 * texel. 16 where none divides the channels.
 */
const TILES = [24, 20, 16, 12, 8], TILE = 16;
/**
 * Taps times input channels of a dispatch. With 24 outputs these are 3,456 unrolled products; from about
 * 4,100 on, llvmpipe's code runs at two thirds of the speed.
 */
const DEPTH = 144;
/**
 * The most rows of a matrix in one row of a texture; with this many, the row is a multiple of the copy
 * unit.
 */
const MOST_ABREAST = 16;

/** conv2d at stride 1; undefined where the image is too large for a texture. */
export const directConv = (context: KernelContext, g: ConvGeometry): Lowered | undefined =>
  correlate(context, g, false);

/**
 * conv2dInputGradient at stride 1, likewise: the correlation of the output cotangent with the transposed
 * weight. Only for square kernels that are larger than their padding.
 */
export function directInputGradient(context: KernelContext, g: ConvGeometry): Lowered | undefined {
  const fits = g.x.kernel === g.y.kernel &&
    g.y.kernel > Math.max(g.y.padding, g.x.padding);
  return fits ? correlate(context, inputGradientGeometry(g), true) : undefined;
}

/**
 * [1, m, k] × [1, k, n] as a 1 × 1 convolution of m pixels, arranged to fit a texture; undefined where they
 * cannot.
 */
export function directProduct(context: KernelContext): Lowered | undefined {
  const [{ shape: [batch, m, k] }, { shape: [, , n] }] = context.args;
  if (batch > 1) return undefined;
  const widths = Array.from({ length: MOST_ABREAST }, (_, i) => i + 1).filter((w) => m % w === 0);
  const layouts = widths.map((width): ConvGeometry => ({
    batch,
    groups: 1,
    channels: k,
    groupIn: k,
    outChannels: n,
    groupOut: n,
    y: windowAxis(m / width, { kernel: 1 }),
    x: windowAxis(width, { kernel: 1 }),
  }));
  const layout = layouts.find((g) => directImage(context, g)) ??
    layouts.find((g) => padImage(context, g));
  return layout && correlate(context, layout, false);
}

function chooseTileWidth(channels: number): number {
  if (channels % 4 === 0 && channels < TILE) return channels;
  return TILES.find((tile) => channels % tile === 0) ?? TILE;
}

/**
 * The most chunks of a convolution whose last dispatch applies the work fused after it. This needs another
 * shader, which is worth compiling only where the last chunk is a large part of the work.
 */
const MAX_CHUNKS = 2;

/** Whether a thread's output channels can be divided evenly among the pieces. */
const dividesEvenly = ({ count, inner }: Pieces, channels: number): boolean =>
  count * inner === channels && TILE % (4 * count) === 0 && inner % (TILE / count) === 0;

/** The largest workgroup with which there are enough workgroups and few threads are idle. */
const chooseThreads = (pixels: number, tiles: number, most: number): number =>
  THREADS.find((count) => {
    const groups = Math.ceil(pixels / count);
    return count <= most && groups * tiles >= GROUPS && pixels >= 0.75 * groups * count;
  }) ?? THREADS[THREADS.length - 1]!;

/**
 * Splits input channels into chunks: equal ones, which share a pipeline, where a size of at least half the
 * limit divides them; otherwise the last one is smaller.
 */
function chunkSizes(channels: number, most: number): number[] {
  let size = Math.min(most, channels);
  for (let equal = size; equal >= most / 2; equal -= 4) {
    if (channels % equal !== 0) continue;
    size = equal;
    break;
  }
  return Array.from(
    { length: Math.ceil(channels / size) },
    (_, k) => Math.min(size, channels - k * size),
  );
}

function correlate(
  context: KernelContext,
  g: ConvGeometry,
  transposed: boolean,
): Lowered | undefined {
  const image = directImage(context, g), padded = image ? undefined : padImage(context, g);
  if (!image && !padded) return undefined;
  const { unfusedStore, pieces } = context;
  const quads = Math.ceil(g.channels / 4), fours = g.outChannels % 4 === 0;
  const tile = chooseTileWidth(g.outChannels);
  const most = Math.max(1, Math.floor(DEPTH / (countTaps(g) * 4)));
  const chunks = chunkSizes(4 * quads, 4 * most), whole = chunks.length === 1;
  const pixels = g.batch * g.y.out * g.x.out, tiles = Math.ceil(g.outChannels / tile);
  const threads = chooseThreads(pixels, tiles, context.workgroupThreads);
  const { columns, rows } = splitWorkgroups(Math.ceil(pixels / threads));
  const ends = !unfusedStore && tile === TILE && chunks.length <= MAX_CHUNKS &&
    (!pieces || dividesEvenly(pieces, g.outChannels));
  const scratch: Scratch[] = unfusedStore || ends && whole
    ? []
    : [{ size: pixels * g.outChannels }];
  const place = scratch.length, dispatches: Dispatch[] = [];
  if (padded) {
    scratch.push({ size: 4 * sizeOf(padded.size) });
    dispatches.push({ ...padded.dispatch, writes: { scratch: place, width: 4 } });
  }
  const config = {
    tile,
    threads,
    transposed,
    weight: fours && !transposed && context.vectorized[1] ? 4 : 1,
    exact: columns * rows * threads === pixels,
    image: padded ? scratchImage(place) : imageAccessor(0),
    zeros: context.zerosOutside,
  } as const;
  const weight = { argument: 1, width: config.weight };
  chunks.forEach((chunk, k) => {
    const last = ends && k === chunks.length - 1, count = last ? pieces?.count ?? 1 : undefined;
    const adds = whole ? "nothing" : last ? "scratch" : "stored";
    const store: Width = fours && (context.vectorizedStore || !last && !unfusedStore) ? 4 : 1;
    dispatches.push({
      ...writeShader(g, { ...config, chunk, adds, store, ...(count && { pieces: count }) }),
      // Tiles of the same pixels are consecutive, to reuse the cache.
      workgroups: [tiles, columns, rows],
      loads: image ? [{ argument: 0, width: 4, image }, weight] : [weight],
      ...(padded && { images: [{ scratch: place, size: padded.size }] }),
      ...(adds === "scratch" && { scratchReads: [{ scratch: 0, width: store }] }),
      writes: {
        width: store,
        ...(!unfusedStore && !last && { scratch: 0 }),
        ...(adds === "stored" && { accumulates: true }),
        ...(count && {
          repeats: { period: g.outChannels / count, own: tile / count / store },
        }),
      },
      parameters: listParameters(g, { pixels, chunk0: k * chunks[0]!, columns, quads }),
    });
  });
  if (!unfusedStore && !ends) {
    dispatches.push(finish(pixels * g.outChannels, context.vectorizedStore));
  }
  return { dispatches, scratch, ...(ends && pieces && { inPieces: true }) };
}
