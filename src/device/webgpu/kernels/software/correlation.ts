/**
 * Convolution at stride 1 on software adapters, its image gradient, and products of matrices, which all are
 * correlations. Sizes are parameters of the dispatch, so that one pipeline serves the layers of many nets.
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
import { spread } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered, Scratch } from "../kernel.ts";
import { finish } from "../partials.ts";
import type { Width } from "../../wgsl/types.ts";
import { directImage, layOutImage } from "./correlation_image.ts";
import { parametersOf, writeShader } from "./correlation_text.ts";

/** Threads of a workgroup, the more the better: they share the weights that are staged for them. */
const THREADS = [1024, 512, 256, 128, 64];
/** Workgroups that there should be, for the processor's threads to share. */
const GROUPS = 16;
/**
 * Output channels of a thread, the most first: as many sums as vector registers hold beside a texel. 16 where
 * none divides the channels.
 */
const TILES = [24, 20, 16, 12, 8], TILE = 16;
/**
 * Taps times input channels of a dispatch. With 24 outputs that makes 3,456 products of unrolled text;
 * from about 4,100 on llvmpipe's code runs at two thirds of the speed.
 */
const DEPTH = 144;
/** The most rows of a matrix that a row of a texture is made of; with so many it is whole units. */
const MOST_ABREAST = 16;

/** conv2d at stride 1; undefined where the image is too large for a texture. */
export const directConv = (context: KernelContext, g: ConvGeometry): Lowered | undefined =>
  correlate(context, g, false);

/**
 * conv2dInputGradient at stride 1, likewise: a correlation of the output's cotangent with the transposed weight.
 * Only of square kernels that are larger than their padding.
 */
export function directInputGradient(context: KernelContext, g: ConvGeometry): Lowered | undefined {
  const fits = g.y.kernel > g.y.padding && g.x.kernel === g.y.kernel;
  return fits ? correlate(context, inputGradientGeometry(g), true) : undefined;
}

/**
 * [1, m, k] × [1, k, n] as a convolution of m pixels with one tap. They are laid out such that they fit a
 * texture; undefined where they cannot.
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
    layouts.find((g) => layOutImage(context, g));
  return layout && correlate(context, layout, false);
}

function chooseTileWidth(channels: number): number {
  if (channels % 4 === 0 && channels < TILE) return channels;
  return TILES.find((tile) => channels % tile === 0) ?? TILE;
}

/**
 * The most chunks of a convolution that stores what follows on it itself. That takes a shader more for its
 * last chunk, which is worth its compilation only where this is a good part of the work.
 */
const MAX_CHUNKS = 2;

/** Whether a thread's output channels can be as many of each piece. */
const sharesOut = ({ count, inner }: Pieces, channels: number): boolean =>
  count * inner === channels && TILE % (4 * count) === 0 && inner % (TILE / count) === 0;

/** The most threads of a workgroup that leave enough workgroups, and of which few are idle. */
const chooseThreads = (pixels: number, tiles: number, most: number): number =>
  THREADS.find((count) => {
    const groups = Math.ceil(pixels / count);
    return count <= most && groups * tiles >= GROUPS && pixels >= 0.75 * groups * count;
  }) ?? THREADS[THREADS.length - 1]!;

/**
 * Sizes of the chunks that input channels are taken in: equal ones where a size of at least half the most
 * divides them, so that one pipeline serves all; else some, and what is left.
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
  const image = directImage(context, g), laid = image ? undefined : layOutImage(context, g);
  if (!image && !laid) return undefined;
  const { unfusedStore, pieces } = context;
  const quads = Math.ceil(g.channels / 4), fours = g.outChannels % 4 === 0;
  const tile = chooseTileWidth(g.outChannels);
  const most = Math.max(1, Math.floor(DEPTH / (countTaps(g) * 4)));
  const chunks = chunkSizes(4 * quads, 4 * most), whole = chunks.length === 1;
  const pixels = g.batch * g.y.out * g.x.out, tiles = Math.ceil(g.outChannels / tile);
  const threads = chooseThreads(pixels, tiles, context.workgroupThreads);
  const { columns, rows } = spread(Math.ceil(pixels / threads));
  const ends = !unfusedStore && tile === TILE && chunks.length <= MAX_CHUNKS &&
    (!pieces || sharesOut(pieces, g.outChannels));
  const scratch: Scratch[] = unfusedStore || ends && whole
    ? []
    : [{ size: pixels * g.outChannels }];
  const place = scratch.length, dispatches: Dispatch[] = [];
  if (laid) {
    scratch.push({ size: 4 * sizeOf(laid.size) });
    dispatches.push({ ...laid.dispatch, writes: { scratch: place, width: 4 } });
  }
  const config = {
    tile,
    threads,
    transposed,
    weight: fours && !transposed && context.vectorized[1] ? 4 : 1,
    exact: columns * rows * threads === pixels,
    image: laid ? scratchImage(place) : imageAccessor(0),
    zeros: context.zerosOutside,
  } as const;
  const weight = { argument: 1, width: config.weight };
  chunks.forEach((chunk, k) => {
    const last = ends && k === chunks.length - 1, count = last ? pieces?.count ?? 1 : undefined;
    const adds = whole ? "nothing" : last ? "scratch" : "stored";
    const store: Width = fours && (context.vectorizedStore || !last && !unfusedStore) ? 4 : 1;
    dispatches.push({
      ...writeShader(g, { ...config, chunk, adds, store, ...(count && { pieces: count }) }),
      // Tiles of the same pixels follow on each other, while these are in the cache.
      workgroups: [tiles, columns, rows],
      loads: image ? [{ argument: 0, width: 4, image }, weight] : [weight],
      ...(laid && { images: [{ scratch: place, size: laid.size }] }),
      ...(adds === "scratch" && { scratchReads: [{ scratch: 0, width: store }] }),
      writes: {
        width: store,
        ...(!unfusedStore && !last && { scratch: 0 }),
        ...(adds === "stored" && { accumulates: true }),
        ...(count && {
          repeats: { period: g.outChannels / count, own: tile / count / store },
        }),
      },
      parameters: parametersOf(g, { pixels, chunk0: k * chunks[0]!, columns, quads }),
    });
  });
  if (!unfusedStore && !ends) {
    dispatches.push(finish(pixels * g.outChannels, context.vectorizedStore));
  }
  return { dispatches, scratch, ...(ends && pieces && { inPieces: true }) };
}
