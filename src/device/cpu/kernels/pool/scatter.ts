/**
 * Gives the cotangent of a window to the pixel of its maximum.
 *
 * @module
 */
import type { PoolGeometry } from "../../../../ops/pool_geometry.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type BandWindow, isDisjoint } from "./bands.ts";
import { type Block, eachVector, load, store } from "./channels.ts";
import { search, type Searched } from "./search.ts";
import { overPixels } from "./windows.ts";

/** Pointers to a block of channels: in the first pixel of a window, its cotangent, and the pixel's gradient. */
export type Pointers = Readonly<Record<"image" | "cotangent" | "target", Local>>;

/** Gives a block of a window's cotangents to the pixels of its maxima; `exact` where some may be NaN. */
export function scatter(
  f: Func,
  g: PoolGeometry,
  window: BandWindow,
  block: Block,
  at: Pointers,
  exact: boolean,
) {
  const searched: Searched = { g, window, block, from: [at.image] };
  if (!isDisjoint(g)) {
    return addToWinners(f, g, window, block, at, findWinners(f, searched, exact));
  }
  if (exact) writeByPlace(f, g, window, block, at, findWinners(f, searched, exact));
  else writeByValue(f, g, window, block, at, search(f, searched, exact));
}

/** Finds the addresses of the pixels with the maximum of each lane. */
function findWinners(f: Func, searched: Searched, exact: boolean): readonly Local[] {
  const place = f.local("v128"),
    winners = f.locals("v128", searched.block.offsets.length) as Local[];
  for (const winner of winners) f.get(searched.from[0]).op("i32x4.splat").set(winner);
  search(f, searched, exact, {
    pixel: ({ at: [image], offset }) => f.get(image!).plus(offset).op("i32x4.splat").set(place),
    take: (v, _, better) => {
      const winner = winners[v]!;
      // Later pixels have larger addresses, but for a NaN before them.
      if (exact) f.get(place, winner, better).op("v128.bitselect").set(winner);
      else f.get(winner, place, better).op("v128.and", "i32x4.max_u").set(winner);
    },
  });
  return winners;
}

/** Loads the cotangents of a block. */
function loadCotangents(f: Func, block: Block, cotangent: Local): readonly Local[] {
  const cotangents = f.locals("v128", block.offsets.length) as Local[];
  eachVector(block, (v, offset) => {
    // A sum is never -0.
    load(f.get(cotangent), block, offset).floats(0).op("f32x4.add").set(cotangents[v]!);
  });
  return cotangents;
}

/** Writes all pixels of a window that is alone on them, where none is NaN. */
function writeByValue(
  f: Func,
  g: PoolGeometry,
  window: BandWindow,
  block: Block,
  { image, cotangent, target }: Pointers,
  best: readonly Local[],
) {
  const [from, to] = f.locals("i32", 2), [hit, given] = f.locals("v128", 2);
  const left = loadCotangents(f, block, cotangent);
  f.get(image).set(from).get(target).set(to);
  /** Takes what is left for the lanes that have the maximum: the first takes it. */
  const take = (v: number, offset: number) => {
    load(f.get(from), block, offset).get(best[v]!).op("f32x4.eq").set(hit);
    f.get(left[v]!, hit).op("v128.and").set(given);
    f.get(left[v]!, hit).op("v128.andnot").set(left[v]!);
  };
  if (window.before !== undefined) {
    overPixels(
      f,
      g,
      window,
      window.before,
      [from, to],
      (pixel) => eachVector(block, (v, offset) => take(v, pixel + offset)),
    );
  }
  overPixels(f, g, window, window.within, [from, to], (pixel) =>
    eachVector(block, (v, offset) => {
      take(v, pixel + offset);
      store(f.get(to, given), block, pixel + offset);
    }));
}

/** Writes all pixels of a window that is alone on them, by the addresses of the maxima. */
function writeByPlace(
  f: Func,
  g: PoolGeometry,
  window: BandWindow,
  block: Block,
  { image, cotangent, target }: Pointers,
  winners: readonly Local[],
) {
  const place = f.local("v128"), [from, to] = f.locals("i32", 2);
  const cotangents = loadCotangents(f, block, cotangent);
  f.get(image).set(from).get(target).set(to);
  if (window.before !== undefined) overPixels(f, g, window, window.before, [from, to], () => {});
  overPixels(f, g, window, window.within, [from, to], (pixel) => {
    f.get(from).plus(pixel).op("i32x4.splat").set(place);
    eachVector(block, (v, offset) => {
      f.get(to, cotangents[v]!, winners[v]!, place).op("i32x4.eq", "v128.and");
      store(f, block, pixel + offset);
    });
  });
}

/** Adds to the pixels of the maxima, lane by lane. */
function addToWinners(
  f: Func,
  g: PoolGeometry,
  window: BandWindow,
  block: Block,
  { image, cotangent, target }: Pointers,
  winners: readonly Local[],
) {
  const [shift, address, first, length] = f.locals("i32", 4);
  const row = 4 * g.y.dilation * g.x.size * g.channels;
  const { before, within } = window;
  const add = (offset: number) => {
    f.get(address, shift).op("i32.add").tee(address).get(address).access("f32.load", offset);
    f.get(cotangent).access("f32.load", offset).op("f32.add").access("f32.store", offset);
  };
  /** Adds if the pixel is one of the band's. */
  const addInBand = (offset: number) => {
    f.get(address, first).op("i32.sub").get(length).op("i32.lt_u").when(() => add(offset));
  };
  f.get(target, image).op("i32.sub").set(shift);
  if (before !== undefined) {
    f.get(before).times(row).get(image).op("i32.add").set(first);
    f.get(within).times(row).set(length);
  }
  eachVector(block, (v, start, repeated) => {
    for (let lane = repeated; lane < block.width; lane++) {
      f.get(winners[v]!).lane("i32x4.extract_lane", lane).set(address);
      (before === undefined ? add : addInBand)(start + 4 * lane);
    }
  });
}
