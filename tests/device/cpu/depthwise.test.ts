/**
 * Convolutions of small groups: the same bits from native code and WebAssembly, on any number of threads.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../../src/grad.ts";
import { conv2d, type ConvOptions, mul, sum, tanh } from "../../../src/ops/mod.ts";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative, type NativeSet } from "../../../src/device/cpu/native/detect.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import type { Data } from "../../../src/host_data.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { filled } from "../../devices.ts";

/** WebAssembly alone, and the native code that runs here. */
const best = detectNative();
const natives: readonly (NativeSet | undefined)[] = best === "AVX-512"
  ? [undefined, "AVX2", "AVX-512"]
  : [...new Set([undefined, best])];

const SETTINGS: readonly (readonly [number[], number[], ConvOptions])[] = [
  [[2, 13, 15, 32], [3, 3, 1, 32], { padding: 1 }],
  [[1, 9, 30, 48], [5, 4, 1, 48], { padding: [[2, 0], [1, 3]], stride: [2, 1] }],
  [[2, 11, 12, 29], [3, 3, 1, 29], { padding: 2, dilation: 2, stride: 3 }],
  [[1, 1, 200, 16], [1, 9, 1, 16], { padding: [0, 4] }],
  [[1, 14, 9, 64], [7, 7, 1, 64], { padding: 3, stride: 2 }],
  [[1, 8, 7, 6], [3, 3, 1, 12], { padding: 1 }],
  [[2, 10, 19, 28], [3, 5, 4, 28], { padding: [1, 2], groups: 7 }],
  [[2, 9, 11, 32], [3, 3, 4, 32], { padding: 1, stride: 2, groups: 8 }],
  [[1, 9, 30, 44], [5, 4, 2, 44], { padding: 2, stride: [1, 3], dilation: [2, 1], groups: 22 }],
];

/** Convolutions and their gradients, of operands in memory and of computed ones. */
function everything(): readonly Tensor[] {
  return SETTINGS.flatMap(([image, weight, given]) => {
    const x = filled(image, 1), w = filled(weight, 2), options = { groups: image[3]!, ...given };
    const value = ([x, w]: readonly Tensor[]) => {
      const y = conv2d(tanh(x!), w!, options);
      return sum(mul(y, y));
    };
    return [conv2d(x, w, options), ...grad(value)([x, w])];
  });
}

async function bitsOf(threads: number, native?: NativeSet): Promise<Uint32Array[]> {
  await using run = runtimeOn(openCpu(threads, { native }));
  const read = await run.read(run.jit(everything)()) as readonly Data[];
  return read.map((x) => new Uint32Array(x.buffer, x.byteOffset, x.length));
}

Deno.test(
  "depthwise convolutions have the same bits in native code and without, on any threads",
  { sanitizeOps: false, sanitizeResources: false },
  async () => {
    const expected = await bitsOf(1);
    for (const threads of [1, 3]) {
      for (const native of natives) {
        const found = await bitsOf(threads, native);
        expected.forEach((bits, i) => {
          const different = bits.reduce((n, b, k) => b === found[i]![k] ? n : n + 1, 0);
          assertEquals([threads, native, i, different], [threads, native, i, 0]);
        });
      }
    }
  },
);
