/**
 * How a correlation on software adapters is divided into dispatches: by phases, and each by rows of taps
 * and by input channels, so that what a shader unrolls stays small.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../ops/conv_geometry.ts";
import { type WindowPhase, windowPhases } from "../../../../ops/window_phase.ts";

/**
 * The most unrolled products of a thread; from about 4,100 on, llvmpipe's code runs at two thirds of the
 * speed.
 */
const MAX_PRODUCTS = 3456;
/** Taps times input channels of a dispatch of few taps and not few outputs: what 24 outputs a thread leave. */
const DEPTH = 144, FEW_TAPS = 9, FEW_OUTPUTS = 8;

/** Windows that read the same taps: every so-and-so-manyth in each direction. */
export interface WindowGrid {
  readonly y: WindowPhase;
  readonly x: WindowPhase;
}

/** The grids of windows of a geometry: one, or one for each phase where pixels are spaced apart. */
export const windowGrids = (g: ConvGeometry): WindowGrid[] =>
  windowPhases(g.y).flatMap((y) => windowPhases(g.x).map((x) => ({ y, x })));

/** A part of a grid's taps and input channels. */
export interface Chunk {
  /** The first row of taps, and their number. */
  readonly row: number;
  readonly rows: number;
  /** The first input channel of a group, and their number, a multiple of four. */
  readonly channel: number;
  readonly channels: number;
}

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

/** The chunks of a grid whose threads compute `tile` output channels, from `channels` input channels. */
export function splitGrid({ y, x }: WindowGrid, channels: number, tile: number): Chunk[] {
  const columns = x.axis.kernel, height = columns > 0 ? y.axis.kernel : 0;
  if (height === 0) return [{ row: 0, rows: 0, channel: 0, channels: 0 }];
  const most = Math.max(1, Math.floor(MAX_PRODUCTS / (4 * columns * tile)));
  const rows = Math.ceil(height / Math.ceil(height / most)), taps = rows * columns;
  const depth = taps > FEW_TAPS || tile < FEW_OUTPUTS ? MAX_PRODUCTS / tile : DEPTH;
  const sizes = chunkSizes(channels, 4 * Math.max(1, Math.floor(depth / (4 * taps))));
  return Array.from({ length: Math.ceil(height / rows) }, (_, r) =>
    sizes.map((size, k): Chunk => ({
      row: r * rows,
      rows: Math.min(rows, height - r * rows),
      channel: k * sizes[0]!,
      channels: size,
    }))).flat();
}

/** The most output channels of a thread with which a dispatch can have a row of taps. */
export const mostOutputs = (columns: number): number =>
  Math.floor(MAX_PRODUCTS / (4 * Math.max(1, columns)) / 4) * 4;
