/**
 * The channels of a convolution of small groups as vectors: the lanes of a vector are channels of the
 * result, each with the image channel that it is multiplied with.
 *
 * @module
 */
import type { ConvGeometry } from "../../../../../ops/conv_geometry.ts";
import type { Features } from "../../../features.ts";
import type { Func, Local } from "../../../wasm/function.ts";
import type { Tuple } from "../../../../../tuple.ts";

/** Chunks of groups, computed one after the other; the last one overlaps the one before it. */
export interface Lanes {
  /** Groups of a chunk, and of the image. */
  readonly groups: number;
  readonly all: number;
  /** Channels of a group in the image and in the result. */
  readonly groupIn: number;
  readonly groupOut: number;
  /** Vectors of the result's channels of a chunk, and the channels in the last of them. */
  readonly vectors: number;
  readonly last: number;
}

/** The lanes of a convolution. */
export function lanesOf(
  { groups: all, groupIn, groupOut }: ConvGeometry,
  { wide }: Features,
): Lanes {
  const most = groupOut % 4 === 0 ? 1 : wide && all % 8 === 0 && groupOut === 1 ? 8 : 4;
  const groups = Math.min(most, all), channels = groups * groupOut;
  const vectors = Math.ceil(channels / 4), last = channels - 4 * (vectors - 1);
  return { groups, all, groupIn, groupOut, vectors, last };
}

/** The number of chunks. */
export const countChunks = ({ groups, all }: Lanes): number => Math.ceil(all / groups);

/**
 * Runs `body` for every chunk, moving pointers by so many bytes a group from each to the next.
 *
 * @param perChunk Pointers to what is laid out by chunks, with the bytes of each.
 */
export function forChunks(
  f: Func,
  lanes: Lanes,
  perGroup: readonly (readonly [pointer: Local, bytes: number])[],
  body: () => void,
  perChunk: readonly (readonly [pointer: Local, bytes: number])[] = [],
): void {
  const { groups, all } = lanes, remainder = all % groups, i = f.local("i32");
  const advance = (by: number) => {
    for (const [pointer, bytes] of perGroup) f.advance(pointer, by * bytes);
    for (const [pointer, bytes] of perChunk) f.advance(pointer, bytes);
  };
  if (remainder === 0) {
    f.count(i, all / groups, () => {
      body();
      advance(groups);
    });
    return;
  }
  f.i32(0).set(i).block(() =>
    f.loop(() => {
      body();
      f.get(i).i32(all - groups).op("i32.ge_u").exitIf(1);
      f.advance(i, groups);
      advance(groups);
      f.get(i).i32(all - groups).op("i32.gt_u").when(() => {
        for (const [pointer, bytes] of perGroup) f.advance(pointer, (remainder - groups) * bytes);
      });
      f.exit(0);
    })
  );
}

/** The image channels of a chunk that the lanes of a vector read as their `k`-th. */
function channelsOf({ groupIn, groupOut, groups }: Lanes, vector: number, k: number): number[] {
  return [0, 1, 2, 3].map((lane) => {
    const group = Math.min(groups - 1, Math.floor((4 * vector + lane) / groupOut));
    return group * groupIn + k;
  });
}

/** Pushes the `k`-th image channels of a vector's lanes, of the pixel at an address and offset. */
export function loadLanes(
  f: Func,
  lanes: Lanes,
  pixel: Local,
  offset: number,
  vector: number,
  k: number,
): void {
  const channels = channelsOf(lanes, vector, k), [first] = channels as Tuple<number, 4>;
  if (channels.every((c) => c === first)) {
    f.get(pixel).access("v128.load32_splat", offset + 4 * first);
    return;
  }
  // Vectors of four channels each, until every lane has its channel.
  let from = first, places = [0, 1, 2, 3].map(() => -1);
  const load = () => f.get(pixel).access("v128.load", offset + 4 * from);
  load();
  places = channels.map((c) => c - first < 4 ? c - first : -1);
  while (places.includes(-1)) {
    from = channels[places.indexOf(-1)]!;
    load();
    const now = places.map((place, lane) => {
      const beyond = channels[lane]! - from;
      return place >= 0 ? place : beyond < 4 ? 4 + beyond : -1;
    });
    f.shuffle(...now.map((place) => Math.max(0, place)) as Tuple<number, 4>);
    places = now.map((place, lane) => place < 0 ? -1 : lane);
  }
  if (places.some((place, lane) => place !== lane)) {
    const vector = f.local("v128");
    f.tee(vector).get(vector).shuffle(...places as Tuple<number, 4>);
  }
}

/** Stores a vector of a chunk's result: all lanes, or those that are channels. */
export function storeLanes(
  f: Func,
  { vectors, last }: Lanes,
  vector: number,
  pointer: Local,
  offset: number,
  value: Local,
): void {
  if (vector < vectors - 1 || last === 4) {
    f.get(pointer, value).access("v128.store", offset + 16 * vector);
    return;
  }
  for (let lane = 0; lane < last; lane++) {
    f.get(pointer, value).storeLane(lane, offset + 16 * vector + 4 * lane);
  }
}
