/**
 * Options of convolutions: the attributes they become, sizes, errors; transposed and 1-D convolution.
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  conv1d,
  type Conv1dOptions,
  conv2d,
  type ConvOptions,
  convTranspose1d,
  convTranspose2d,
  type ConvTransposeOptions,
  mul,
  sum,
} from "../../src/ops/mod.ts";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { showAttrs, signature } from "../../src/signature.ts";
import { topological } from "../../src/graph.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import { agree, sample } from "./oracle.ts";
import { assertClose, filled } from "../devices.ts";

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });
const attrsOf = (options: ConvOptions) =>
  showAttrs(conv2d(f32(1, 9, 9, 2), f32(3, 3, 2, 2), options).attrs);
const message = (f: () => unknown) => assertThrows(f, RangeError).message;

Deno.test("equal geometries have equal attributes, and plain ones those they always had", () => {
  assertEquals(attrsOf({}), '{"stride":1,"padding":0,"groups":1}');
  assertEquals(attrsOf({ stride: 2, padding: 1 }), '{"stride":2,"padding":1,"groups":1}');
  const equal: ConvOptions[][] = [
    [{}, { stride: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], groups: 1 }],
    [{ padding: 1 }, { padding: [1, 1] }, { padding: [[1, 1], [1, 1]] }, { padding: "same" }],
    [{ padding: [1, 2] }, { padding: [[1, 1], [2, 2]] }],
    [{ dilation: 2, padding: 2 }, { dilation: [2, 2], padding: "same" }],
    [{ stride: 2, padding: 1 }, { stride: [2, 2], padding: "same" }],
  ];
  for (const same of equal) assertEquals(new Set(same.map(attrsOf)).size, 1, attrsOf(same[0]!));
  const different: ConvOptions[] = [
    {},
    { stride: [1, 2] },
    { stride: [2, 1] },
    { padding: [0, 1] },
    { padding: [[0, 1], [0, 0]] },
    { padding: [[0, 0], [0, 1]] },
    { dilation: [1, 2] },
    { dilation: 2 },
  ];
  assertEquals(new Set(different.map(attrsOf)).size, different.length);
});

Deno.test('padding "same" gives ⌈size / stride⌉ windows', () => {
  for (const size of [1, 2, 5, 8]) {
    for (const kernel of [1, 2, 3, 4]) {
      for (const stride of [1, 2, 3]) {
        for (const dilation of [1, 3]) {
          const options = { padding: "same", stride, dilation } as const;
          const { shape } = conv1d(f32(1, size, 1), f32(kernel, 1, 1), options);
          assertEquals(shape, [1, Math.ceil(size / stride), 1]);
        }
      }
    }
  }
});

Deno.test("gradients of a convolution keep its geometry", () => {
  const x = f32(1, 9, 8, 2), w = f32(3, 2, 2, 2);
  const options: ConvOptions = { stride: [2, 1], padding: [[1, 0], [2, 3]], dilation: [1, 3] };
  const [gx, gw] = grad(([x, w]: readonly Tensor[]) => sum(mul(conv2d(x!, w!, options), 1)))([
    x,
    w,
  ]) as [Tensor, Tensor];
  const kernels = topological([gx, gw]).filter(({ op }) => op.kind === "kernel");
  const text = '"stride":[2,1],"padding":[1,0,2,3],"groups":1,"dilation":[1,3]';
  for (const k of kernels.filter(({ op }) => op.name.startsWith("conv2d"))) {
    assertEquals(showAttrs(k.attrs).includes(text), true, showAttrs(k.attrs));
  }
  assertEquals(signature([x, w, gx], [x, w], [gx]).includes("conv2d"), true);
});

Deno.test("options that no convolution has are refused with what was expected and found", () => {
  const found = (options: unknown) => message(() => attrsOf(options as ConvOptions));
  assertEquals(
    found({ dilation: 0 }),
    "conv2d: expected dilation of at least 1, an integer or two of them, found dilation 0",
  );
  assertEquals(
    found({ stride: [1, 2, 3] }),
    "conv2d: expected stride of at least 1, an integer or two of them, found stride [1,2,3]",
  );
  const sides = "an integer, two of them or [[top, bottom], [left, right]]";
  for (
    const [padding, text] of [
      [[1, -1], "[1,-1]"],
      [[[0, 1], 2], "[[0,1],2]"],
      [[[0, 1], [2]], "[[0,1],[2]]"],
      ["valid", "valid"],
      [0.5, "0.5"],
    ] as const
  ) {
    assertEquals(
      found({ padding }),
      `conv2d: expected padding of at least 0, ${sides}, found padding ${text}`,
    );
  }
  assertEquals(found({ groups: [1, 2] }).includes("groups of at least 1, an integer"), true);
  assertEquals(found({ dilation: 5 }).includes("padding 0, dilation 5"), true);
  assertEquals(
    message(() => conv1d(f32(1, 4, 4, 1), f32(1, 1, 1))),
    "conv1d: expected sequences [batch, length, channels] and a weight of three axes, found [1, 4, 4, 1] and [1, 1, 1]",
  );
  assertEquals(
    message(() => conv1d(f32(2, 3, 1), f32(5, 1, 1))).startsWith(
      "conv1d, as an image of one row: conv2d: expected a kernel no larger than the padded image",
    ),
    true,
  );
  assertEquals(
    message(() => conv1d(f32(2, 3, 1), f32(2, 1, 1), { stride: [1, 1] as unknown as number })),
    "conv1d: expected stride of at least 1, an integer, found stride [1,1]",
  );
});

const transposed = (x: Tensor, w: Tensor, options: ConvTransposeOptions) =>
  convTranspose2d(x, w, options);

Deno.test("convTranspose2d() has the sizes of PyTorch", () => {
  const size = (options: ConvTransposeOptions) =>
    transposed(f32(1, 5, 4, 2), f32(3, 2, 3, 2), options).shape.join();
  assertEquals(size({}), "1,7,5,3");
  assertEquals(size({ stride: 2 }), "1,11,8,3");
  assertEquals(size({ stride: 2, padding: 1, outputPadding: 1 }), "1,10,7,3");
  assertEquals(size({ stride: [3, 2], padding: [1, 0], outputPadding: [2, 0] }), "1,15,8,3");
  assertEquals(size({ dilation: [2, 3], outputPadding: 1 }), "1,10,8,3");
  assertEquals(size({ padding: [[0, 1], [1, 0]] }), "1,6,4,3");
  assertEquals(
    transposed(f32(1, 5, 4, 4), f32(3, 2, 3, 4), { groups: 2 }).shape.join(),
    "1,7,5,6",
  );
});

Deno.test("convTranspose2d() refuses what does not fit", () => {
  const found = (x: Tensor, w: Tensor, options: ConvTransposeOptions) =>
    message(() => convTranspose2d(x, w, options));
  assertEquals(
    found(f32(1, 5, 4, 2), f32(3, 2, 3, 2), { stride: 2, outputPadding: 2 }),
    "convTranspose2d: expected an outputPadding below the stride 2 or the dilation 1, found 2",
  );
  assertEquals(
    found(f32(1, 5, 4, 2), f32(3, 2, 3, 5), {}),
    "convTranspose2d: expected a weight whose last axis is the image's channels, a multiple of 1, found image [1, 5, 4, 2], weight [3, 2, 3, 5], groups 1",
  );
  assertEquals(
    found(f32(1, 1, 1, 2), f32(3, 3, 1, 2), { padding: 2 }),
    "convTranspose2d: expected a result of at least 1 pixel, found -1 from 1 with kernel 3, stride 1, padding 2 and 2",
  );
  assertEquals(found(f32(5, 4, 2), f32(3, 2, 3, 2), {}).includes("[5, 4, 2]"), true);
});

const TRANSPOSED: readonly (readonly [number[], number[], ConvTransposeOptions])[] = [
  [[2, 3, 4, 2], [2, 3, 3, 2], { stride: 2, padding: 1, outputPadding: 1 }],
  [[1, 2, 3, 4], [3, 2, 2, 4], { stride: [2, 3], groups: 2, padding: [[0, 1], [1, 0]] }],
  [[1, 3, 2, 2], [2, 2, 1, 2], { dilation: [3, 2], outputPadding: [2, 1], padding: 1 }],
];

Deno.test("convTranspose2d() is the transpose of conv2d(): ⟨conv2d(x, w), y⟩ = ⟨x, convTranspose2d(y, w)⟩", () => {
  for (const [shape, weight, options] of TRANSPOSED) {
    const y = filled(shape, 1), w = filled(weight, 2), x0 = transposed(y, w, options);
    const x = filled(x0.shape, 3), { outputPadding: _, ...forward } = options;
    const [left] = evaluate([sum(mul(x, x0))]) as [Float64Array];
    const full = conv2d(x, w, forward);
    // A convolution may have more windows, where outputPadding reaches a further one.
    const [values] = evaluate([full]) as [Float64Array], [of] = evaluate([y]) as [Float64Array];
    const at = (n: number, r: number, c: number, o: number) =>
      values[((n * full.shape[1]! + r) * full.shape[2]! + c) * full.shape[3]! + o]!;
    let right = 0, i = 0;
    for (let n = 0; n < shape[0]!; n++) {
      for (let r = 0; r < shape[1]!; r++) {
        for (let c = 0; c < shape[2]!; c++) {
          for (let o = 0; o < shape[3]!; o++) right += at(n, r, c, o) * of[i++]!;
        }
      }
    }
    assertClose([right], left);
  }
});

Deno.test("gradients of transposed and one-dimensional convolutions are their derivatives", () => {
  const functions: [string, number[], number[], (x: Tensor, w: Tensor) => Tensor][] = [
    ...TRANSPOSED.map((
      [x, w, o],
    ): [string, number[], number[], (x: Tensor, w: Tensor) => Tensor] => [
      JSON.stringify(o),
      x,
      w,
      (x, w) => transposed(x, w, o),
    ]),
    ["conv1d", [2, 6, 2], [3, 2, 3], (x, w) => conv1d(x, w, { dilation: 2, padding: [3, 0] })],
    ["convTranspose1d", [2, 4, 2], [3, 3, 2], (x, w) => convTranspose1d(x, w, { stride: 2 })],
  ];
  for (const [name, xs, ws, f] of functions) {
    const x = filled(xs, 4), w = filled(ws, 5), weights = filled(f(x, w).shape, 6);
    const value = ([x, w]: readonly Tensor[]) => sum(mul(weights, mul(f(x!, w!), f(x!, w!))));
    const gradients = evaluate(grad(value)([x, w]));
    const step = 1e-5, px = f32(...xs), pw = f32(...ws), y = value([px, pw]);
    const [vx, vw] = [x, w].map((t) => Float64Array.from(t.data!)) as [Float64Array, Float64Array];
    for (const [k, v] of [vx, vw].entries()) {
      const along = v.map((_, i) => {
        const sides = [1, -1].map((sign) => {
          const moved = v.slice();
          moved[i]! += sign * step;
          return evaluate(
            [y],
            new Map([[px, k === 0 ? moved : vx], [pw, k === 1 ? moved : vw]]),
          )[0]![0]!;
        });
        return (sides[0]! - sides[1]!) / (2 * step);
      });
      assertClose(along, gradients[k]!, { absolute: 1e-6 }, name);
    }
  }
});

const one: Conv1dOptions[] = [
  {},
  { stride: 3, padding: 2 },
  { padding: "same", stride: 2 },
  { padding: [3, 0], groups: 2 },
];
agree(
  "1-D and transposed convolutions agree with float64",
  ...one.map((options) =>
    sample(
      `conv1d ${JSON.stringify(options)}`,
      [[3, 13, 4], [5, 4 / (options.groups ?? 1), 6]],
      (x, w) => [conv1d(x, w, options)],
    )
  ),
  sample("convTranspose1d", [[3, 7, 4], [4, 6, 4]], (x, w) => [
    convTranspose1d(x, w, { stride: 3, padding: 1, outputPadding: 2 }),
  ]),
  sample("convTranspose2d", [[2, 5, 6, 8], [3, 3, 16, 8]], (x, w) => [
    convTranspose2d(x, w, { stride: 2, padding: 1, outputPadding: 1 }),
  ]),
  sample("convTranspose2d of two strides and groups", [[2, 5, 4, 6], [4, 3, 2, 6]], (x, w) => [
    convTranspose2d(x, w, { stride: [3, 1], groups: 2, padding: [1, 0] }),
  ]),
);
