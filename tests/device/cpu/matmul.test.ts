/**
 * Matrix products of every orientation and size agree with float64, with the same bits for any number of
 * threads, in native code and in WebAssembly.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative, type NativeSet } from "../../../src/device/cpu/native/detect.ts";
import {
  add,
  broadcastTo,
  concat,
  matmul,
  maximum,
  mul,
  reshape,
  slice,
  transpose,
} from "../../../src/ops/mod.ts";
import { openReference } from "../../../src/device/reference/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";

/** Elements of the size of 1, from a seed. */
function filled(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((n, d) => n * d, 1), data = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    seed = seed * 48271 % 2147483647;
    data[i] = seed / 2147483647 * 2 - 1;
  }
  return tensor(data, [...shape]);
}

/** Products [batch, m, k] × [batch, k, n]: of few and many rows, columns and steps, of one and several blocks. */
const SIZES: readonly (readonly [batch: number, m: number, k: number, n: number])[] = [
  ...[1, 2, 3, 5, 7, 13, 33].flatMap((m) =>
    [1, 3, 10, 33].flatMap((n) => [1, 4, 7, 18].map((k) => [1, m, k, n] as const))
  ),
  ...[[3, 5, 7, 9], [2, 128, 64, 100], [7, 1, 33, 2], [2, 40, 300, 130]] as const,
  ...[[1, 1, 1030, 700], [1, 2, 700, 1030], [1, 7, 1000, 300], [1, 13, 1030, 300]] as const,
  ...[[1, 300, 270, 10], [1, 10, 520, 530], [1, 250, 530, 515], [1, 515, 5, 260]] as const,
];

/** The transpose of matrices. */
const t = (x: Tensor) => transpose(x, [0, 2, 1]);

/** Ways to write a product: operands as they are, transposed, parts of others, computed; with epilogues. */
const WAYS: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  plain: matmul,
  "transposed left": (a, b) => matmul(t(reshape(a, [a.shape[0]!, a.shape[2]!, a.shape[1]!])), b),
  "transposed right": (a, b) => matmul(a, t(reshape(b, [b.shape[0]!, b.shape[2]!, b.shape[1]!]))),
  "both transposed, with an epilogue": (a, b) =>
    add(
      matmul(
        t(reshape(a, [a.shape[0]!, a.shape[2]!, a.shape[1]!])),
        t(reshape(b, [b.shape[0]!, b.shape[2]!, b.shape[1]!])),
      ),
      0.5,
    ),
  "with a bias": (a, b) => maximum(0, add(matmul(a, b), slice(b, [0, 0, 0], [1, 1, b.shape[2]!]))),
  "transposed right, with a bias": (a, b) => {
    const right = t(reshape(b, [b.shape[0]!, b.shape[2]!, b.shape[1]!]));
    return add(matmul(a, right), slice(b, [0, 0, 0], [1, 1, b.shape[2]!]));
  },
  computed: (a, b) => maximum(0, matmul(mul(a, 2), t(maximum(t(b), 0)))),
  repeated: (a, b) => matmul(a, broadcastTo(slice(b, [0, 0, 0], [1, 1, b.shape[2]!]), b.shape)),
  "in a concatenation": (a, b) => concat([matmul(a, b), matmul(a, mul(b, 3))], 2),
};

const best = detectNative();
const natives: readonly (NativeSet | undefined)[] = best === "AVX-512"
  ? [undefined, "AVX2", best]
  : best
  ? [undefined, best]
  : [undefined];

for (const [name, way] of Object.entries(WAYS)) {
  Deno.test(`matrix products agree on every device and thread: ${name}`, async () => {
    await using reference = runtimeOn(openReference());
    const inputs = SIZES.map(([batch, m, k, n], i) =>
      [filled([batch, m, k], i + 1), filled([batch, k, n], i + 1000)] as const
    );
    const expected = await reference.read(inputs.map(([a, b]) => way(a, b)));
    let bits: Uint32Array[] | undefined;
    for (const native of natives) {
      for (const threads of [1, 3]) {
        await using run = runtimeOn(openCpu(threads, { native }));
        const call = run.jit(way), found = await run.read(inputs.map(([a, b]) => call(a, b)));
        found.forEach((values, i) => {
          const limit = 1e-6 * SIZES[i]![2] + 1e-5;
          const wrong = values.findIndex((v, j) => !(Math.abs(v - expected[i]![j]!) <= limit));
          const what = `${SIZES[i]} ${native} ${threads}: element ${wrong}`;
          assertEquals(wrong < 0, true, `${what}: ${values[wrong]}, not ${expected[i]![wrong]}`);
        });
        const own = found.map((values) => new Uint32Array(values.buffer));
        assertEquals(own.findIndex((w, i) => w.some((v, j) => v !== (bits ?? own)[i]![j])), -1);
        bits ??= own;
      }
    }
  });
}
