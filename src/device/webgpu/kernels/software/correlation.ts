/**
 * Correlations on software adapters: conv2d, its image gradient, and matrix products. Sizes are parameters
 * of the dispatch, so that layers of different sizes share a pipeline.
 *
 * @module
 */
import {
  type ConvGeometry,
  countTaps,
  inputGradientGeometry,
} from "../../../../ops/conv_geometry.ts";
import { windowAxis } from "../../../../ops/window_axis.ts";
import type { WindowPhase } from "../../../../ops/window_phase.ts";
import type { Pieces } from "../../../../plan/plan.ts";
import { sizeOf } from "../../../../shape.ts";
import { image as imageAccessor, scratchImage } from "../accessors.ts";
import { splitWorkgroups } from "../entry_points.ts";
import type { Dispatch, KernelContext, Load, Lowered, Scratch } from "../kernel.ts";
import { finish, sumParts } from "../partials.ts";
import type { Width } from "../../wgsl/types.ts";
import {
  type Chunk,
  mostOutputs,
  splitGrid,
  type WindowGrid,
  windowGrids,
} from "./correlation_chunks.ts";
import { directImage, imageOf, padImage } from "./correlation_image.ts";
import {
  type AxisShape,
  type CorrelationConfig,
  listParameters,
  writeShader,
} from "./correlation_text.ts";

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
 * The most rows of a matrix in one row of a texture; with this many, the row is a multiple of the copy
 * unit.
 */
const MOST_ABREAST = 16;

/** conv2d; undefined where the image is too large for a texture. */
export const directConv = (context: KernelContext, g: ConvGeometry): Lowered | undefined =>
  correlate(context, g, false);

/**
 * conv2dInputGradient, likewise: the correlation of the output cotangent with the transposed weight, one
 * for each phase of the stride.
 */
export const directInputGradient = (
  context: KernelContext,
  g: ConvGeometry,
): Lowered | undefined => correlate(context, inputGradientGeometry(g), true);

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
  const layout = layouts.find((g) => directImage(context, imageOf(g))) ??
    layouts.find((g) => padImage(context, imageOf(g)));
  return layout && correlate(context, layout, false);
}

/** Output channels of a thread: a divisor of a group's, or what leaves the fewest idle. */
function chooseTileWidth(channels: number, columns: number): number {
  const most = mostOutputs(columns), fitting = TILES.filter((tile) => tile <= most);
  const whole = fitting.find((tile) => channels % tile === 0);
  if (whole || channels > TILE) return whole ?? Math.min(TILE, most);
  return Math.min(Math.ceil(channels / 4) * 4, most);
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

function correlate(
  context: KernelContext,
  g: ConvGeometry,
  transposed: boolean,
): Lowered | undefined {
  const tile = chooseTileWidth(g.groupOut, g.x.kernel);
  const image = directImage(context, imageOf(g));
  const padded = image ? undefined : padImage(context, imageOf(g));
  if (tile < 4 || !image && !padded) return undefined;
  const { unfusedStore, vectorizedStore, pieces } = context;
  const quads = Math.ceil(g.groupIn / 4), outputs = g.batch * g.y.out * g.x.out * g.outChannels;
  const grids = windowGrids(g).map((grid) => ({ grid, chunks: splitGrid(grid, 4 * quads, tile) }));
  const most = Math.max(...grids.map(({ chunks }) => chunks.length));
  const tiles = g.groups * Math.ceil(g.groupOut / tile);
  const abreast = grids.length === 1 && most > 1 && isSmall(g, tiles);
  const ends = !unfusedStore && !abreast && tile === TILE && most <= MAX_CHUNKS &&
    (!pieces || g.groups === 1 && dividesEvenly(pieces, g.outChannels));
  const results = abreast || !unfusedStore && !(ends && most === 1);
  const scratch: Scratch[] = results ? [{ size: (abreast ? most : 1) * outputs }] : [];
  const place = scratch.length, dispatches: Dispatch[] = [];
  if (padded) {
    scratch.push({ size: 4 * sizeOf(padded.size) });
    dispatches.push({ ...padded.dispatch, writes: { scratch: place, width: 4 } });
  }
  const fours = g.groupOut % 4 === 0, vectorized = outputs % 4 === 0 && vectorizedStore;
  const source: Source = {
    transposed,
    tile,
    tiles,
    weight: fours && !transposed && context.vectorized[1] ? 4 : 1,
    image: padded ? scratchImage(place) : imageAccessor(0),
    loads: image ? [{ argument: 0, width: 4, image }] : [],
    ...(padded && { images: [{ scratch: place, size: padded.size }] }),
  };
  for (const { grid, chunks } of grids) {
    chunks.forEach((chunk, order) => {
      const last = ends && order === chunks.length - 1;
      const before = chunks[order - 1], ahead = chunks.slice(order);
      if (abreast && before && isLike(before, chunk)) return;
      dispatches.push(
        correlateChunk(context, g, source, grid, {
          chunk,
          order,
          abreast: abreast ? ahead.filter((c) => isLike(c, chunk)).length : 0,
          adds: abreast || chunks.length === 1 ? "nothing" : last ? "scratch" : "stored",
          scratch: results && !last,
          store: fours && (vectorizedStore || results && !last) ? 4 : 1,
          ...(last && { pieces: pieces?.count ?? 1 }),
        }),
      );
    });
  }
  if (abreast) dispatches.push(sumParts(most, outputs, vectorized ? 4 : 1));
  else if (results && !ends) dispatches.push(finish(outputs, vectorizedStore));
  return { dispatches, scratch, ...(ends && pieces && { inPieces: true }) };
}

/** Whether there are too few workgroups to occupy the processor, unless chunks run at once. */
const isSmall = (g: ConvGeometry, tiles: number): boolean =>
  Math.ceil(g.batch * g.y.out * g.x.out / THREADS.at(-1)!) * tiles < GROUPS;

/** Whether chunks of the same taps are of one size, and so share a dispatch where they run at once. */
const isLike = (a: Chunk, b: Chunk): boolean => a.row === b.row && a.channels === b.channels;

/** What all dispatches of a correlation have in common. */
interface Source {
  readonly transposed: boolean;
  readonly tile: number;
  /** Tiles of output channels, of all groups. */
  readonly tiles: number;
  readonly weight: Width;
  readonly image: string;
  readonly loads: readonly Load[];
  readonly images?: NonNullable<Dispatch["images"]>;
}

/** What one dispatch computes, and where it stores. */
interface Part {
  readonly chunk: Chunk;
  readonly order: number;
  /** How many chunks run at once, each stored beside the one before; 0 where they do not. */
  readonly abreast: number;
  readonly adds: CorrelationConfig["adds"];
  readonly scratch: boolean;
  readonly store: Width;
  readonly pieces?: number;
}

/** The dispatch of a chunk, or of several abreast. */
function correlateChunk(
  { workgroupThreads, zerosOutside }: KernelContext,
  g: ConvGeometry,
  { transposed, tile, tiles, weight, image, loads, images }: Source,
  { y, x }: WindowGrid,
  { chunk, order, abreast, adds, scratch, store, pieces }: Part,
): Dispatch {
  const rows = y.axis.out, across = x.axis.out, pixels = g.batch * rows * across;
  const threads = chooseThreads(pixels, tiles * Math.max(1, abreast), workgroupThreads);
  const split = splitWorkgroups(Math.ceil(pixels / threads)), { columns } = split;
  const scattered = y.step > 1 || x.step > 1, width = g.x.kernel;
  const [row, column] = [y.tap + chunk.row * y.tapStep, x.tap];
  const first = row * width + column, all = countTaps(g);
  const empty = chunk.rows === 0;
  const shader = writeShader(g, {
    y: axisShape(y, chunk.rows, y.tapStep * width),
    x: axisShape(x, empty ? 0 : x.axis.kernel, x.tapStep),
    scattered,
    abreast: abreast > 0,
    chunk: chunk.channels,
    tile,
    threads,
    store,
    weight,
    transposed,
    adds,
    exact: columns * split.rows * threads === pixels,
    image,
    zeros: zerosOutside,
    ...(pieces && { pieces }),
  });
  return {
    ...shader,
    // Tiles of the same pixels are consecutive, to reuse the cache.
    workgroups: [tiles, columns, abreast || split.rows],
    loads: empty ? [] : [...loads, { argument: 1, width: weight }],
    ...(images && !empty && { images }),
    ...(adds === "scratch" && { scratchReads: [{ scratch: 0, width: store }] }),
    writes: {
      width: store,
      ...(scratch && { scratch: 0 }),
      ...(adds === "stored" && { accumulates: true }),
      ...(pieces && { repeats: { period: g.outChannels / pieces, own: tile / pieces / store } }),
    },
    parameters: listParameters(g, {
      rows,
      across,
      pixels,
      chunk0: chunk.channel,
      order,
      columns,
      quads: Math.ceil(g.groupIn / 4),
      top: chunk.row * y.axis.dilation - y.axis.padding,
      left: -x.axis.padding,
      tap: transposed ? all - 1 - first : first,
      place: y.first * g.x.out + x.first,
      steps: [x.step, y.step * g.x.out, g.y.out * g.x.out],
    }),
  };
}

const axisShape = ({ axis }: WindowPhase, taps: number, tapStep: number): AxisShape => ({
  taps,
  stride: axis.stride,
  dilation: axis.dilation,
  tapStep,
});
