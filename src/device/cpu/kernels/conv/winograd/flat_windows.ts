/**
 * Flat windows, whose pixels are equal in every channel: how F(4×4) gives exact outputs there.
 *
 * F(2×2) computes each output only from its own window's pixels, and equal pixels cancel exactly. In F(4×4)
 * the other pixels of a block cancel only up to rounding: in the background around a digit, a zero would
 * become ±1e-8, and rounding would decide where a ReLU, a maximum over pieces or a pooling sends gradients.
 * A block that is flat as a whole is exact: its transform has one nonzero product, a pixel times the sum of
 * the weights. So flat windows of other blocks get that product too, by the same operations in the same
 * order: zeros stay zeros, and equal windows have equal outputs at every position.
 *
 * A 3×3 window among the 6×6 pixels of a block covers one of its four middle pixels, each of which
 * represents the windows of one quarter of the block.
 *
 * @module
 */
import { Func, type Local } from "../../../wasm/function.ts";
import type { ModuleBuilder } from "../../../wasm/module.ts";
import type { Features } from "../../../features.ts";
import { F4 } from "./algorithm.ts";
import { type Value, VectorArithmetic } from "./arithmetic.ts";
import { eachVector, type Grid, storeChannels } from "./transforms.ts";

const { tile, size } = F4.x;
/** The pixels of a quarter's windows along an axis, and the middle ones, which all of them cover. */
const QUARTER = 4, MIDDLE = [1, 2] as const;
/** The bit mask of a block's first `height` by `width` outputs, one bit per output in row order. */
export function firstOutputs(height: number, width: number): number {
  let bits = 0;
  for (let y = 0; y < height; y++) bits |= ((1 << width) - 1) << (y * tile);
  return bits;
}

const ALL = firstOutputs(tile, tile), FIRST = firstOutputs(2, 2);

/** The index of the only nonzero product of a flat block. */
export const FLAT_PRODUCT = size + 1;

/** The number of middle pixels of a block. */
export const MIDDLES = 4;

/** Pushes a vector of channels; if there are fewer than 4, the other lanes repeat the first. */
function loadChannels(f: Func, pointer: Local, at: number, channels: number) {
  if (channels >= 4) return f.get(pointer).access("v128.load", at);
  f.get(pointer).access("v128.load32_splat", at);
  for (let i = 1; i < channels; i++) {
    f.get(pointer).access("f32.load", at + 4 * i).lane("f32x4.replace_lane", i);
  }
  return f;
}

/** A function (from) that returns the bit mask of a quarter's flat windows, as for a block's first quarter. */
function quarter(channels: number, { row, pixel }: Grid): Func {
  const f = new Func(["i32"], ["i32"]), [from] = f.inputs(1);
  const at = (y: number, x: number) => y * row + x * pixel;
  const [pointer, part, bits] = f.locals("i32", 3), middle = f.local("v128");
  const bit = (y: number, x: number) => y * QUARTER + x;
  const isMiddle = (y: number, x: number) => [y, x].every((i) => i === 1 || i === 2);
  const compare = (y: number, x: number) =>
    loadChannels(f, pointer, at(y, x), channels).get(middle).op("f32x4.eq");
  /** Runs `body` for vectors that cover the channels; the last one overlaps its predecessor. */
  const overChannels = (body: () => void) => {
    const compareVector = () => {
      loadChannels(f, pointer, at(1, 1), channels).set(middle);
      body();
    };
    f.get(from).set(pointer);
    f.count(part, channels >> 2, () => {
      compareVector();
      f.advance(pointer, 16);
    });
    if (channels % 4 === 0) return;
    f.get(from).plus(4 * Math.max(0, channels - 4)).set(pointer);
    compareVector();
  };
  overChannels(() => {
    compare(1, 2);
    compare(2, 1).op("v128.and");
    compare(2, 2).op("v128.and", "i32x4.all_true", "i32.eqz").when(() => f.i32(0).op("return"));
  });
  const places = Array.from({ length: QUARTER ** 2 }, (_, i) => [i >> 2, i & 3] as const);
  const outer = places.filter(([y, x]) => !isMiddle(y, x));
  const equal = outer.map(() => f.local("v128"));
  for (const each of equal) f.integers(-1).set(each);
  overChannels(() =>
    outer.forEach(([y, x], i) => compare(y, x).get(equal[i]!).op("v128.and").set(equal[i]!))
  );
  f.i32(MIDDLE.reduce((sum, y) => sum | (1 << bit(y, 1)) | (1 << bit(y, 2)), 0)).set(bits);
  outer.forEach(([y, x], i) => {
    f.get(bits, equal[i]!).op("i32x4.all_true").i32(bit(y, x)).op("i32.shl", "i32.or").set(bits);
  });
  for (const step of [1, QUARTER]) {
    f.get(bits, bits).i32(step).op("i32.shr_u").get(bits).i32(2 * step).op("i32.shr_u");
    f.op("i32.and", "i32.and").set(bits);
  }
  f.get(bits).i32(FIRST).op("i32.and");
  return f;
}

/**
 * A function (from) that returns the bit mask of a block's flat windows: 0 if there are none, and 0 if all
 * are flat, since the block is then exact anyway.
 */
export function flatWindows(module: ModuleBuilder, channels: number, grid: Grid): Func {
  const f = new Func(["i32"], ["i32"]), [from] = f.inputs(1), bits = f.local("i32");
  const ofQuarter = module.add(quarter(channels, grid));
  const middle = f.local("v128");
  for (const [y, x] of [[0, 0], [0, 2], [2, 0], [2, 2]] as const) {
    const load = (down: number, right: number) =>
      loadChannels(f, from, (y + down) * grid.row + (x + right) * grid.pixel, channels);
    // A quick test: the first channels of the middle pixels nearly always rule out flat windows.
    load(1, 1).set(middle);
    load(1, 2).get(middle).op("f32x4.eq");
    load(2, 1).get(middle).op("f32x4.eq", "v128.and");
    load(2, 2).get(middle).op("f32x4.eq", "v128.and", "i32x4.all_true").when(() => {
      f.get(from).plus(y * grid.row + x * grid.pixel).call(ofQuarter);
      f.i32(y * tile + x).op("i32.shl").get(bits).op("i32.or").set(bits);
    });
  }
  f.i32(0).get(bits, bits).i32(ALL).op("i32.eq", "select");
  return f;
}

/**
 * A function (from, to) that stores a block's middle pixels, `toRow` bytes apart, transformed as those of
 * flat blocks are.
 */
export function storeMiddles(
  features: Features,
  channels: number,
  grid: Grid,
  toRow: number,
): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2);
  const on = new VectorArithmetic(f, features), value = f.local("v128");
  const product = (x: Value) => F4.x.input.apply(on, new Array<Value>(size).fill(x))[1]!;
  eachVector(f, { ...features, wide: false }, channels, [from, to], () => {
    for (let i = 0; i < MIDDLES; i++) {
      const y = 2 + (i >> 1), x = 2 + (i & 1);
      f.get(from).access("v128.load", y * grid.row + x * grid.pixel).set(value);
      f.get(to, product(product([value]))[0]!).access("v128.store", toRow * i);
    }
  });
  return f;
}

/**
 * A function (bits, from, to) that stores the outputs of a block's flat windows: `from` points to the
 * products of its middle pixels, `fromRow` bytes each, and `to` to its first output; `height` by `width`
 * outputs are within the image.
 */
export function storeFlat(
  channels: number,
  fromRow: number,
  grid: Grid,
  height: number,
  width: number,
): Func {
  const f = new Func(["i32", "i32", "i32"]), [bits, from, to] = f.inputs(3);
  const pixel = f.local("v128");
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      f.get(bits).i32(1 << (y * tile + x)).op("i32.and").when(() => {
        const middle = fromRow * (2 * (y >> 1) + (x >> 1));
        for (let c = 0; c < channels; c += 4) {
          f.get(from).access("v128.load", middle + 4 * c).set(pixel);
          storeChannels(f, to, pixel, y * grid.row + x * grid.pixel + 4 * c, channels - c);
        }
      });
    }
  }
  return f;
}
