/**
 * Steps that run tile by tile: the float64 reference's values on awkward sizes, and the same bits on any
 * number of threads.
 */
import { assert, assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { Profiler } from "../../../src/device/profile.ts";
import { grad } from "../../../src/grad.ts";
import { softmaxCrossEntropy } from "../../../src/nn/mod.ts";
import * as ops from "../../../src/ops/mod.ts";
import { open, runtimeOn } from "../../../src/runtime/mod.ts";
import type { Data } from "../../../src/host_data.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { assertClose, filled } from "../../devices.ts";

const { add, div, maximum, mean, mul, sqrt, sub, sum, variance } = ops;

/** Normalization over some axes. */
const normalize = (x: Tensor, axes: number | number[]) =>
  div(
    sub(x, mean(x, axes, { keep: true })),
    sqrt(add(variance(x, axes, { keep: true }), 0.01)),
  );

/** The gradient of a weighted sum of a function's result. */
const gradientOf = (f: (x: Tensor) => Tensor) => (x: Tensor) =>
  grad((z: Tensor) => {
    const y = f(z);
    return sum(mul(y, filled(y.shape, 5)));
  })(x);

const FUNCTIONS: Readonly<Record<string, (x: Tensor) => Tensor | readonly Tensor[]>> = {
  softmax: (x) => ops.softmax(x),
  "softmax's gradient": gradientOf((x) => ops.softmax(x)),
  logSoftmax: gradientOf((x) => ops.logSoftmax(x)),
  logSumExp: (x) => ops.logSumExp(x, -1),
  "layer norm": gradientOf((x) => normalize(x, -1)),
  "column norm": gradientOf((x) => maximum(0, normalize(x, 0))),
  "cross-entropy": gradientOf((x) =>
    softmaxCrossEntropy(x, ops.cast(ops.remainder(ops.iota(x.shape[0]!), x.shape[1]!), "i32"))
  ),
  /** Results that later steps of the same run read, and one that no step does. */
  "shared results": (x) => {
    const largest = ops.max(x, -1, { keep: true }), e = ops.exp(sub(x, largest));
    const total = sum(e, -1, { keep: true });
    return [largest, e, total, div(e, total), sum(e, 0), mul(x, 2)];
  },
  /** A row's result as another row, and rows in another order. */
  "other rows": (x) => {
    const y = sub(x, mean(x, -1, { keep: true })), [n, m] = x.shape as [number, number];
    return [
      add(y, ops.transpose(ops.reshape(y, [m, n]))),
      sub(y, ops.slice(sum(ops.exp(y), -1, { keep: true }), [0, 0], [1, 1])),
    ];
  },
};

/** Of results around 1, about a hundred roundings. */
const TOLERANCE = { relative: 1e-4, absolute: 1e-5 };

const SIZES = [
  [1, 9],
  [5, 3],
  [64, 10],
  [2001, 9],
  [5000, 3],
  [1300, 13],
  [431, 64],
  [1003, 49],
  [300, 36],
  [33, 2050],
  [3, 7000],
];

/** All results of a function on all sizes, read at once. */
async function resultsOf(
  device: "cpu" | "reference",
  threads: number,
  f: (x: Tensor) => Tensor | readonly Tensor[],
  sizes: readonly (readonly number[])[],
): Promise<Data[]> {
  await using run = await open({ device, ...(device === "cpu" && { threads }) });
  const call = run.jit(f), results: Data[] = [];
  for (const size of sizes) {
    const y = call(filled([...size], 3)), all = Array.isArray(y) ? y : [y];
    for (const each of all) results.push(await run.read(each) as unknown as Data);
  }
  return results;
}

for (const [name, f] of Object.entries(FUNCTIONS)) {
  Deno.test(`tile by tile: ${name} as the reference computes it`, async () => {
    const expected = await resultsOf("reference", 1, f, SIZES);
    const found = await resultsOf("cpu", 1, f, SIZES);
    found.forEach((data, i) => assertClose(data, expected[i]!, TOLERANCE, `${name}, result ${i}`));
  });
}

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("tile by tile: the same bits on 1, 2 and 3 threads", options, async () => {
  const everything = (x: Tensor) => Object.values(FUNCTIONS).flatMap((f) => f(x));
  const sizes = [[1200, 513], [4096, 512], [4096, 512], [96, 9000]];
  const one = await resultsOf("cpu", 1, everything, sizes);
  for (const threads of [2, 3]) {
    const more = await resultsOf("cpu", threads, everything, sizes);
    const differing = more.flatMap((data, i) => {
      const [a, b] = [data, one[i]!].map(({ buffer }) => new Uint32Array(buffer));
      return a!.every((word, k) => word === b![k]) ? [] : [i];
    });
    assertEquals(differing, []);
  }
});

Deno.test("softmax, layer norm and their gradients run in one pass over rows", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  const x = filled([512, 512], 1);
  for (const name of ["softmax", "softmax's gradient", "logSoftmax", "layer norm"]) {
    const [, passes, tiled] = /(\d+) passes \((\d+) tile by tile\)/.exec(
      run.explain(FUNCTIONS[name]!, x),
    )!;
    assertEquals([name, tiled], [name, passes]);
  }
  assert(/ 0 bytes of temporary values/.test(run.explain(FUNCTIONS.softmax!, x)));
});

Deno.test("profile() splits the time of steps that run tile by tile among them", async () => {
  await using run = runtimeOn(openCpu(1, {}, new Profiler()));
  const call = run.jit((x: Tensor) => ops.softmax(x)), x = filled([512, 512], 1);
  for (let i = 0; i < 10; i++) await run.read(call(x));
  const { kernels } = await run.profile();
  assert(kernels.length >= 3, `found ${kernels.length}`);
  assert(kernels.every(({ ms, calls }) => ms > 0 && calls === 10));
});
