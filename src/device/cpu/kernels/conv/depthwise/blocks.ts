/**
 * Rows of a result in blocks of neighboring pixels: blocks whose taps read the same pixels relative to
 * theirs share their code, which leaves out taps that read no pixel.
 *
 * @module
 */
import { pixelAt, type WindowAxis } from "../../../../../ops/window_axis.ts";

/** Pixel `place` of a block is multiplied by tap `tap` for its window `window`. */
export interface BlockTap {
  readonly window: number;
  readonly tap: number;
  readonly place: number;
}

/** What the windows of a block read, relative to its first pixel. */
export interface Block {
  readonly windows: number;
  readonly taps: readonly BlockTap[];
}

/** Blocks `from` to before `to` of a row, which are alike. */
export interface BlockRun {
  readonly block: Block;
  readonly from: number;
  readonly to: number;
  /** The first window of the first block, and the pixel that its first place is. */
  readonly window: number;
  readonly pixel: number;
  /** Windows and pixels from each block to the next. */
  readonly windowStep: number;
  readonly pixelStep: number;
}

/** The blocks of a row of windows, `most` in a block. */
export function blockRuns(a: WindowAxis, most: number): BlockRun[] {
  const size = blockSize(a, most), runs: BlockRun[] = [];
  let last = "";
  for (let window = 0, at = 0; window < a.out; window += size, at++) {
    const [block, pixel] = blockAt(a, window, Math.min(size, a.out - window));
    const key = JSON.stringify(block), run = runs.at(-1);
    const step = { windowStep: size, pixelStep: size * a.stride / a.spacing };
    const isNext = run && key === last && pixel === run.pixel + (at - run.from) * step.pixelStep;
    if (isNext) runs[runs.length - 1] = { ...run, to: at + 1 };
    else runs.push({ block, from: at, to: at + 1, window, pixel, ...step });
    last = key;
  }
  return runs;
}

/** Windows of a block: about equal ones, and in gradients of strided convolutions ones of all phases. */
function blockSize({ out, spacing }: WindowAxis, most: number): number {
  if (spacing > 1) return Math.max(1, Math.floor(most / spacing)) * spacing;
  return Math.ceil(out / Math.ceil(out / most));
}

function blockAt(a: WindowAxis, first: number, windows: number): readonly [Block, pixel: number] {
  const taps: BlockTap[] = [];
  for (let window = 0; window < windows; window++) {
    for (let tap = 0; tap < a.kernel; tap++) {
      const place = pixelAt(a, first + window, tap);
      if (place !== undefined) taps.push({ window, tap, place });
    }
  }
  const pixel = taps.length > 0 ? Math.min(...taps.map(({ place }) => place)) : 0;
  const moved = taps.map(({ place, ...at }) => ({ ...at, place: place - pixel }));
  return [{ windows, taps: moved }, pixel];
}

/** The taps of a block, at most `most` different ones at a time, each list by the pixels that it reads. */
export function tapChunks({ taps }: Block, most: number): (readonly BlockTap[])[][] {
  const used = [...new Set(taps.map(({ tap }) => tap))].sort((a, b) => a - b);
  const chunks: (readonly BlockTap[])[][] = [];
  for (let i = 0; i < used.length; i += most) {
    const chunk = new Set(used.slice(i, i + most));
    const places = new Map<number, BlockTap[]>();
    for (const t of taps) {
      if (!chunk.has(t.tap)) continue;
      const list = places.get(t.place) ?? [];
      list.push(t);
      places.set(t.place, list);
    }
    chunks.push([...places].sort(([a], [b]) => a - b).map(([, list]) => list));
  }
  return chunks;
}
