/**
 * Windows that are flat, with every channel the same at all of their pixels: what makes F(4×4) exact there.
 *
 * F(2×2) makes each output of its own window's pixels alone, and equal pixels cancel in it. In F(4×4) the
 * other pixels of a block cancel only up to rounding: in the dark around a digit, a zero would become ±1e-8,
 * and rounding, not the image, would decide which way a ReLU, a maximum over pieces or a pooling sends
 * gradients. A block that is flat as a whole is exact: its transform is one product, a pixel's sum over the
 * window. So the flat windows of the other blocks get that product as well, by the same operations in the
 * same order: zeros stay zeros, and equal windows have equal outputs wherever they lie.
 *
 * A window of 3×3 among the 6×6 pixels of a block covers one of its four middle pixels, so those stand for
 * the windows of the block's quarters.
 *
 * @module
 */
import { Func } from "../../../wasm/function.ts";
import type { ModuleBuilder } from "../../../wasm/module.ts";
import type { Features } from "../../../features.ts";
import { Arithmetic, F4, type Value } from "./algorithm.ts";
import type { Grid } from "./transforms.ts";

const { tile, size } = F4;
/** Pixels of a quarter's windows along an axis, and the middle ones, which all of them cover. */
const QUARTER = 4, MIDDLE = [1, 2] as const;
/** The bits of a block's first outputs: one for each output, row by row. */
export function firstOutputs(height: number, width: number): number {
  let bits = 0;
  for (let y = 0; y < height; y++) bits |= ((1 << width) - 1) << (y * tile);
  return bits;
}

const ALL = firstOutputs(tile, tile), FIRST = firstOutputs(2, 2);

/** The product that the whole of a flat block is in. */
export const FLAT_PRODUCT = size + 1;

/** Middle pixels of a block. */
export const MIDDLES = 4;

/** A function (from) of the bits of a block's first quarter: which of its four windows are flat. */
function quarter(channels: number, { row, pixel }: Grid): Func {
  const f = new Func(["i32"], ["i32"]), [from] = f.inputs(1);
  const at = (y: number, x: number) => y * row + x * pixel;
  const [pointer, end, bits] = f.locals("i32", 3), middle = f.local("v128");
  const bit = (y: number, x: number) => y * QUARTER + x;
  const isMiddle = (y: number, x: number) => [y, x].every((i) => i === 1 || i === 2);
  const compare = (y: number, x: number) =>
    f.get(pointer).access("v128.load", at(y, x)).get(middle).op("f32x4.eq");
  const overChannels = (body: () => void) => {
    f.get(from).tee(pointer).plus(4 * channels).set(end);
    f.until(pointer, end, () => {
      f.get(pointer).access("v128.load", at(1, 1)).set(middle);
      body();
      f.advance(pointer, 16);
    });
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
 * A function (from) of a block's flat windows, a bit for each output, row by row: 0 if there are none, and 0
 * if all are flat, as nothing is to be mended then.
 */
export function flatWindows(module: ModuleBuilder, channels: number, grid: Grid): Func {
  const f = new Func(["i32"], ["i32"]), [from] = f.inputs(1), bits = f.local("i32");
  const ofQuarter = module.add(quarter(channels, grid));
  const middle = f.local("v128");
  for (const [y, x] of [[0, 0], [0, 2], [2, 0], [2, 2]] as const) {
    const load = (down: number, right: number) =>
      f.get(from).access("v128.load", (y + down) * grid.row + (x + right) * grid.pixel);
    // Almost always the first channels of its middle pixels show that a quarter has no flat window.
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

/** A function (from, to) that stores a block's middle pixels as transformed blocks that are flat have them. */
export function storeMiddles(features: Features, channels: number, grid: Grid): Func {
  const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2), part = f.local("i32");
  const on = new Arithmetic(f, features), value = f.local("v128");
  const product = (x: Value) => F4.input.apply(on, new Array<Value>(size).fill(x))[1]!;
  f.count(part, channels / 4, () => {
    for (let i = 0; i < MIDDLES; i++) {
      const y = 2 + (i >> 1), x = 2 + (i & 1);
      f.get(from).access("v128.load", y * grid.row + x * grid.pixel).set(value);
      f.get(to, product(product([value]))[0]!).access("v128.store", 4 * channels * i);
    }
    f.advance(from, 16).advance(to, 16);
  });
  return f;
}

/**
 * A function (bits, from, to) that stores the outputs of a block's flat windows: `from` are the products of
 * its middle pixels, `fromRow` bytes each, and `to` is its first output, of which `height` by `width` count.
 */
export function mendFlat(
  channels: number,
  fromRow: number,
  grid: Grid,
  height: number,
  width: number,
): Func {
  const f = new Func(["i32", "i32", "i32"]), [bits, from, to] = f.inputs(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      f.get(bits).i32(1 << (y * tile + x)).op("i32.and").when(() => {
        const middle = fromRow * (2 * (y >> 1) + (x >> 1));
        for (let c = 0; c < 4 * channels; c += 16) {
          f.get(to, from).access("v128.load", middle + c);
          f.access("v128.store", y * grid.row + x * grid.pixel + c);
        }
      });
    }
  }
  return f;
}
