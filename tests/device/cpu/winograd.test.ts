/**
 * Winograd's algorithms against float64, each forced on sizes that do and do not fit its blocks.
 */
import { assert, assertEquals } from "@std/assert";
import type { Features } from "../../../src/device/cpu/features.ts";
import { F2, F2x5, F4 } from "../../../src/device/cpu/kernels/conv/winograd/algorithm.ts";
import { chooseAlgorithm } from "../../../src/device/cpu/kernels/conv/choice.ts";
import { detectNative } from "../../../src/device/cpu/native/detect.ts";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { grad } from "../../../src/grad.ts";
import {
  type ConvGeometry,
  convGeometry,
  inputGradientGeometry,
} from "../../../src/ops/conv_geometry.ts";
import { add, conv2d, maximum, mul, sum } from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import type { Data } from "../../../src/host_data.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { filled } from "../../devices.ts";
import { distance } from "./distance.ts";
import type { Tuple } from "../../../src/tuple.ts";

/** Images [batch, height, width, channels], output channels, padding, groups, kernel (1 and 3 if left out). */
const SIZES: readonly (readonly [...Tuple<number, 6>, number?, number?])[] = [
  [2, 8, 8, 8, 8, 1],
  [3, 7, 9, 16, 24, 1],
  [9, 8, 8, 32, 16, 1],
  [5, 5, 6, 8, 40, 0],
  [1, 33, 30, 16, 32, 2],
  [1, 4, 4, 64, 8, 1],
  [4, 16, 16, 48, 16, 1],
  [40, 8, 8, 16, 32, 1],
  [2, 3, 3, 8, 8, 0],
  [1, 5, 132, 8, 8, 1],
  [1, 70, 6, 32, 8, 1],
  [70, 4, 4, 8, 48, 1],
  [3, 6, 5, 3, 5, 1],
  [2, 7, 7, 1, 1, 1],
  [2, 5, 9, 5, 2, 0],
  [1, 13, 13, 13, 70, 1],
  [3, 7, 6, 12, 18, 1, 2],
  [2, 4, 5, 9, 6, 2, 3],
  [20, 2, 2, 37, 51, 1],
  [2, 4, 4, 130, 200, 1],
  [2, 4, 4, 160, 132, 1, 2],
  [2, 13, 14, 8, 16, 2, 1, 5],
  [9, 7, 5, 3, 21, 2, 1, 5],
  [1, 27, 27, 12, 10, 0, 2, 5],
  [3, 5, 5, 6, 3, 4, 3, 5],
];

type Size = (typeof SIZES)[number];
type Three = readonly [Tensor, Tensor, Tensor];

const outputsOf = (
  x: Tensor,
  w: Tensor,
  y: Tensor,
  [, , , , , padding, groups = 1]: Size,
): Three => {
  const conv = (x: Tensor, w: Tensor) => conv2d(x, w, { padding, groups });
  const loss = ([x, w]: readonly [Tensor, Tensor]) => sum(mul(conv(x, w), y));
  return [conv(x, w), ...grad(loss)([x, w] as const)];
};

const inputsOf = ([n, h, w, channels, out, padding, groups = 1, kernel = 3]: Size): Three => [
  filled([n, h, w, channels], 1),
  filled([kernel, kernel, channels / groups, out], 2),
  filled([n, h + 2 * padding - kernel + 1, w + 2 * padding - kernel + 1, out], 3),
];

const expected = SIZES.map((size) => evaluate(outputsOf(...inputsOf(size), size)));

const results = async (features: Partial<Features>, threads = 2) => {
  await using run = runtimeOn(openCpu(threads, features));
  const all: (readonly Data[])[] = [];
  for (const size of SIZES) {
    const call = run.jit((x: Tensor, w: Tensor, y: Tensor) => outputsOf(x, w, y, size));
    all.push(await run.read(call(...inputsOf(size))) as readonly Data[]);
  }
  return all;
};

const KINDS: readonly (readonly [string, Partial<Features>])[] = [
  ["", {}],
  [", in pairs of vectors", { wide: true }],
  [", without multiply-add", { madd: false, shared: false }],
];

/** Bounds of the distance, about twice what was measured: F(2×2, 5×5) has the points of F(4×4, 3×3). */
const BOUNDS = { off: 8e-6, F2: 1e-5, F4: 7e-5 } as const;
const boundOf = (winograd: keyof typeof BOUNDS, [, , , , , , , kernel]: Size) =>
  kernel === 5 && winograd === "F2" ? BOUNDS.F4 : BOUNDS[winograd];
const options = { sanitizeOps: false, sanitizeResources: false };

for (const [kind, features] of KINDS) {
  for (const winograd of ["off", "F2", "F4"] as const) {
    const name = winograd === "off" ? "direct convolution" : `Winograd's ${winograd}`;
    Deno.test(
      `${name} and its gradients are within ${BOUNDS[winograd]}${kind}`,
      options,
      async () => {
        const found = await results({ ...features, winograd });
        found.forEach((three, i) =>
          three.forEach((data, k) => {
            const off = distance(data, expected[i]![k]!), size = SIZES[i]!;
            assert(off <= boundOf(winograd, size), `${size}, output ${k}: found ${off}`);
          })
        );
      },
    );
  }
}

for (const winograd of ["F2", "F4"] as const) {
  const name =
    `Winograd's ${winograd} has the same bits in native code and on any number of threads`;
  Deno.test(name, options, async () => {
    const expected = await results({ winograd, native: undefined }, 1), native = detectNative();
    const sets = native === "AVX-512" ? [native, "AVX2"] as const : native ? [native] : [];
    const ways = [...sets.map((native) => [{ winograd, native }, 1] as const)];
    for (const [features, threads] of [...ways, [{ winograd }, 2], [{ winograd }, 3]] as const) {
      const found = await results(features, threads);
      found.forEach((three, i) =>
        three.forEach((data, k) =>
          assertEquals(data, expected[i]![k], `${SIZES[i]}, output ${k}, ${threads} threads`)
        )
      );
    }
  });
}

Deno.test("the three convolution algorithms are distinguished", options, async () => {
  const [off, two, four] = await Promise.all(
    (["off", "F2", "F4"] as const).map((winograd) => results({ winograd })),
  );
  const bits = (all: (readonly Data[])[], k: number) => new Uint32Array(all[1]![k]!.slice().buffer);
  for (let k = 0; k < 3; k++) {
    const [a, b, c] = [off, two, four].map((all) => bits(all!, k)) as Tuple<Uint32Array, 3>;
    assert(a.some((v, i) => v !== b[i]) && b.some((v, i) => v !== c[i]), `output ${k}`);
  }
});

Deno.test("work fused around Winograd convolutions is applied once", options, async () => {
  const f = (x: Tensor, w: Tensor, b: Tensor) => {
    const inner = conv2d(maximum(add(x, 0.5), mul(x, 2)), w, { padding: 1 });
    const loss = (w: Tensor) => sum(mul(conv2d(mul(x, x), w, { padding: 1 }), inner));
    return [maximum(add(inner, b), 0), add(grad(loss)(w), w)] as const;
  };
  const inputs = [filled([3, 9, 8, 16], 1), filled([3, 3, 16, 8], 2), filled([8], 3)] as const;
  const exact = evaluate(f(...inputs));
  await using run = runtimeOn(openCpu(2));
  const found = await run.read(run.jit(f)(...inputs)) as readonly Data[];
  found.forEach((data, k) => assert(distance(data, exact[k]!) < 1e-4, `output ${k}`));
});

Deno.test("chooseAlgorithm() chooses the algorithm of the lowest cost, whatever multiplies", () => {
  const on = {
    madd: true,
    shared: true,
    wide: false,
    native: undefined,
    winograd: "auto",
  } as const;
  const of = (size: number, channels: number, out: number, attrs = {}, kernel = 3, batch = 128) =>
    convGeometry([batch, size, size, channels], [kernel, kernel, channels, out], {
      stride: 1,
      padding: 1,
      groups: 1,
      ...attrs,
    });
  const chosen = (g: ConvGeometry) => {
    const algorithm = chooseAlgorithm(on, g);
    assertEquals(chooseAlgorithm({ ...on, native: "AVX-512" }, g), algorithm);
    return algorithm;
  };
  assertEquals([8, 16, 28, 32, 7].map((n) => chosen(of(n, 16, 32))), Array(5).fill(F4));
  assertEquals([2, 6].map((n) => chosen(of(n, 64, 64))), Array(2).fill(F2));
  assertEquals(chosen(inputGradientGeometry(of(32, 16, 32))), F4);
  assertEquals(chosen(of(16, 64, 64, {}, 5)), F2x5);
  const direct = [
    of(32, 3, 32),
    of(32, 16, 16, { stride: 2 }),
    of(32, 16, 16, {}, 7),
    of(1, 16, 32),
    of(8, 256, 256, {}, 3, 1),
  ];
  assertEquals(direct.map(chosen), Array(5).fill("direct"));
  assertEquals(chosen(inputGradientGeometry(of(32, 16, 16, { stride: 2 }))), "direct");
  const off = { ...on, winograd: "off" } as const;
  assertEquals(chooseAlgorithm(off, of(32, 16, 32)), "direct");
});
