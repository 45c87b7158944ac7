/**
 * Equal inputs have equal results, bit for bit, wherever they lie: else rounding, and not the data, decides
 * which way a ReLU, a maximum or a pooling sends gradients. Where windows are flat that holds for every
 * algorithm.
 */
import { assert, assertEquals } from "@std/assert";
import type { Features } from "../../src/device/cpu/features.ts";
import { openCpu } from "../../src/device/cpu/mod.ts";
import {
  type ConvGeometry,
  convGeometry,
  inputGradientGeometry,
} from "../../src/ops/conv_geometry.ts";
import {
  abs,
  add,
  avgPool2d,
  div,
  exp,
  KERNEL_OPS,
  log,
  matmul,
  max,
  mul,
  pow,
  sigmoid,
  softmax,
  sqrt,
  sum,
  tanh,
  variance,
} from "../../src/ops/mod.ts";
import { type Runtime, runtimeOn } from "../../src/runtime/mod.ts";
import { apply, type Tensor, tensor } from "../../src/tensor.ts";
import type { Data } from "../../src/host_data.ts";
import { fill, filled, forEachDevice, hash } from "../devices.ts";
import type { Tuple } from "../../src/tuple.ts";

/** A convolution: image [batch, height, width, channels], outputs, kernel, and attributes. */
interface Size {
  readonly image: readonly [number, number, number, number];
  readonly out: number;
  readonly kernel?: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

const SIZES: readonly Size[] = [
  { image: [2, 28, 28, 16], out: 32, padding: 1 },
  { image: [1, 33, 30, 8], out: 8, padding: 2 },
  { image: [3, 13, 17, 40], out: 24, padding: 1 },
  { image: [9, 9, 9, 8], out: 40 },
  { image: [1, 9, 70, 24], out: 16, padding: 1 },
  { image: [2, 15, 14, 1], out: 16, padding: 1 },
  { image: [2, 15, 14, 3], out: 32, padding: 1 },
  { image: [2, 17, 15, 6], out: 10, padding: 1, groups: 2 },
  { image: [3, 20, 17, 130], out: 80, padding: 1 },
  { image: [2, 19, 18, 8], out: 12, padding: 1, stride: 2 },
  { image: [1, 21, 22, 4], out: 8, padding: 2, kernel: 5 },
  { image: [2, 11, 12, 8], out: 16, kernel: 1 },
];

/** Four numbers, drawn by their index. */
const drawn = (index: number, seed: number): readonly [number, number, number, number] => [
  hash(index, seed),
  hash(index + 1, seed),
  hash(index + 2, seed),
  hash(index + 3, seed),
];

/** Images of a few colors in rectangles, one of them all zeros, with some noise between them. */
function pictures([batch, height, width, channels]: Size["image"], seed: number): Tensor {
  const data = new Float32Array(batch * height * width * channels);
  const colors = fill(4 * channels, seed, -2, 2);
  for (let n = 0; n < batch; n++) {
    const paint = (y0: number, x0: number, size: number, color: number | "noise") => {
      for (let y = y0; y < Math.min(height, y0 + size); y++) {
        for (let x = x0; x < Math.min(width, x0 + size); x++) {
          const at = ((n * height + y) * width + x) * channels;
          for (let c = 0; c < channels; c++) {
            data[at + c] = color === "noise"
              ? hash(at + c, seed) / 2 ** 31 - 1
              : color === 0
              ? 0
              : colors[color * channels + c]!;
          }
        }
      }
    };
    for (let i = 0; i < 12; i++) {
      const [y, x, size, kind] = drawn(100 * n + 4 * i, seed);
      paint(y % height, x % width, 2 + size % 9, kind % 3 === 0 ? "noise" : kind % 4);
    }
  }
  return tensor(data, [batch, height, width, channels]);
}

/** What is under a window. */
interface Window {
  /** The pixels as text. */
  readonly text: string;
  /** Whether they are all the same, and all zeros. */
  readonly flat: boolean;
  readonly zero: boolean;
}

/** The windows of all output pixels. */
function windowsOf(x: Tensor, { batch, y: rows, x: columns }: ConvGeometry): Window[] {
  const [, height, width, channels] = x.shape as Tuple<number, 4>;
  const pixel = (n: number, y: number, x0: number): string =>
    y < 0 || x0 < 0 || y >= height || x0 >= width
      ? new Array(channels).fill(0).join()
      : x.data!.subarray(((n * height + y) * width + x0) * channels).subarray(0, channels).join();
  const windows: Window[] = [];
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < rows.out; oy++) {
      for (let ox = 0; ox < columns.out; ox++) {
        const pixels = Array.from({ length: rows.kernel * columns.kernel }, (_, i) => {
          const ky = Math.floor(i / columns.kernel), kx = i % columns.kernel;
          const top = oy * rows.stride - rows.padding;
          return pixel(n, top + ky, ox * columns.stride - columns.padding + kx);
        });
        const flat = pixels.every((p) => p === pixels[0]);
        const zero = flat && pixels[0]!.split(",").every((v) => v === "0");
        windows.push({ text: pixels.join(";"), flat, zero });
      }
    }
  }
  return windows;
}

type Direction = "forward" | "backward";

/**
 * A convolution of pictures, or the gradient of one in its image, pictures being the cotangent; with the
 * windows that it correlates.
 */
function convolved(size: Size, seed: number, direction: Direction): readonly [Tensor, Window[]] {
  const { image, out, kernel = 3, stride = 1, padding = 0, groups = 1 } = size;
  const [batch, height, width, channels] = image;
  const x = pictures(image, seed), attrs = { stride, padding, groups };
  if (direction === "forward") {
    const w = filled([kernel, kernel, channels / groups, out], seed + 1);
    const windows = windowsOf(x, convGeometry(x.shape, w.shape, attrs));
    return [apply(KERNEL_OPS.conv2d, [x, w], attrs), windows];
  }
  const w = filled([kernel, kernel, out / groups, channels], seed + 1),
    more = kernel - 1 - 2 * padding;
  const shape = [batch, height + more, width + more, out];
  const windows = windowsOf(x, inputGradientGeometry(convGeometry(shape, w.shape, attrs)));
  return [apply(KERNEL_OPS.conv2dInputGradient, [x, w], { ...attrs, shape }), windows];
}

/** Asserts that equal windows have equal results: all, or those that are flat. */
async function assertEqual(
  run: Runtime,
  size: Size,
  seed: number,
  direction: Direction,
  all: boolean,
) {
  const [y, windows] = convolved(size, seed, direction), channels = y.shape[3]!;
  const [found] = await run.read([y]) as readonly [Data];
  const bits = new Uint32Array(found.buffer, found.byteOffset, found.length);
  const first = new Map<string, number>(), bad = { unequal: 0, zeros: 0 };
  let compared = 0, zeros = 0;
  windows.forEach(({ text, flat, zero }, i) => {
    if (zero) {
      zeros++;
      for (let c = 0; c < channels; c++) if (found[i * channels + c] !== 0) bad.zeros++;
    }
    if (!all && !flat) return;
    const before = first.get(text);
    if (before === undefined) {
      first.set(text, i);
      return;
    }
    compared++;
    for (let c = 0; c < channels; c++) {
      if (bits[i * channels + c] !== bits[before * channels + c]) bad.unequal++;
    }
  });
  assert(compared > 20 && zeros > 5, `${compared} windows compared, ${zeros} of zeros`);
  assertEquals(bad, { unequal: 0, zeros: 0 }, `${JSON.stringify(size)}, ${direction}`);
}

async function assertAllEqual(run: Runtime, all: boolean) {
  for (const [i, size] of SIZES.entries()) {
    await assertEqual(run, size, 10 * i, "forward", all);
    if (size.stride === undefined) await assertEqual(run, size, 10 * i + 5, "backward", all);
  }
}

forEachDevice("convolutions of flat windows are equal, and zeros of zeros", (run) => {
  return assertAllEqual(run, run.device !== "cpu");
});

const options = { sanitizeOps: false, sanitizeResources: false };
const FORCED: readonly (readonly [string, Partial<Features>, boolean])[] = [
  ["direct convolutions of any equal windows are equal", { winograd: "off" }, true],
  ["Winograd's F(2×2) of flat windows is equal", { winograd: "F2" }, false],
  ["Winograd's F(4×4) of flat windows is equal", { winograd: "F4" }, false],
  [
    "Winograd's F(4×4) of flat windows is equal in pairs of vectors",
    { winograd: "F4", wide: true, native: undefined },
    false,
  ],
  [
    "Winograd's F(4×4) of flat windows is equal without multiply-add",
    { winograd: "F4", madd: false, shared: false },
    false,
  ],
];
for (const [name, features, all] of FORCED) {
  Deno.test(`${name} (cpu)`, options, async () => {
    await using run = runtimeOn(openCpu(2, features));
    await assertAllEqual(run, all);
  });
}

/** Results along whose first axis everything is equal, if that is so of the argument. */
const ALONG: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  exp,
  log: (x) => log(abs(x)),
  sqrt: (x) => sqrt(abs(x)),
  tanh,
  sigmoid,
  "power and quotient": (x) => div(pow(abs(x), 1.7), add(mul(x, x), 0.3)),
  matmul: (x) => matmul(x, filled([x.shape[1]!, 19], 3)),
  "sum of a row": (x) => sum(x, 1),
  "maximum of a row": (x) => max(x, 1),
  softmax: (x) => softmax(x, 1),
  "variance of a row": (x) => variance(x, 1),
};

forEachDevice("equal rows have equal results", async (run) => {
  for (const [rows, columns] of [[7, 1], [65, 3], [13, 37], [34, 130]] as const) {
    const row = fill(columns, 5, -2, 2);
    const x = tensor(Float32Array.from({ length: rows * columns }, (_, i) => row[i % columns]!), [
      rows,
      columns,
    ]);
    const results = run.jit((x: Tensor) => Object.values(ALONG).map((f) => f(x)))(x);
    const found = await run.read(results) as readonly Data[];
    Object.keys(ALONG).forEach((name, k) => {
      const bits = new Uint32Array(found[k]!.slice().buffer), width = bits.length / rows;
      const different = bits.filter((b, i) => b !== bits[i % width]).length;
      assertEquals(different, 0, `${name} of ${rows} × ${columns}`);
    });
  }
});

forEachDevice("means of flat windows are equal, and zeros of zeros", async (run) => {
  for (const value of [0, 0.3, -1.7]) {
    const x = tensor(new Float32Array(2 * 15 * 13 * 6).fill(value), [2, 15, 13, 6]);
    for (const [size, stride] of [[2, 2], [3, 1], [4, 2]] as const) {
      const [y] = await run.read([avgPool2d(x, size, { stride })]) as readonly [Data];
      assert(y.every((v) => v === y[0]) && (value !== 0 || y[0] === 0), `${value}, ${size}`);
    }
  }
});
