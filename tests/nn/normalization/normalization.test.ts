/**
 * Layer norm, group norm and LRN: parameters, derivatives, invariances, errors.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import * as nn from "../../../src/nn/mod.ts";
import { mul, reshape } from "../../../src/ops/mod.ts";
import { key } from "../../../src/random.ts";
import { placeholder, type Tensor, tensor } from "../../../src/tensor.ts";
import { assertClose, filled } from "../../devices.ts";
import { assertDerivatives } from "../differences.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const images = placeholder({ shape: [2, 3, 5, 6], dtype: "f32" });

Deno.test("normalizations have first and second derivatives", () => {
  for (const shape of [[3, 5], [2, 3, 7], [1, 2], [5, 13]]) {
    assertDerivatives(nn.layerNorm(), shape);
  }
  assertDerivatives(nn.layerNorm({ axes: [1, 2] }), [2, 3, 2, 2]);
  assertDerivatives(nn.layerNorm({ axes: [0, -1], affine: false }), [2, 3, 5]);
  for (const groups of [1, 2, 3, 6]) assertDerivatives(nn.groupNorm(groups), [2, 3, 1, 6]);
  assertDerivatives(nn.groupNorm(2, { affine: false }), [3, 10]);
  for (const channels of [1, 2, 3, 5, 13]) assertDerivatives(nn.lrn(), [2, 1, 3, channels]);
  assertDerivatives(nn.lrn({ size: 4, alpha: 2, beta: 0.6, k: 0.5 }), [2, 7]);
});

Deno.test("layerNorm() has factors and offsets of the axes that it normalizes over", () => {
  const shapes = (axes?: number | number[]) => {
    const { scale, b } = nn.layerNorm(axes === undefined ? {} : { axes }).init(key(0), images);
    assertEquals(scale.shape, b.shape);
    return scale.shape;
  };
  assertEquals(shapes(), [6]);
  assertEquals(shapes([1, 2, 3]), [3, 5, 6]);
  assertEquals(shapes([-1, -3]), [3, 1, 6]);
  assertEquals(shapes(1), [3, 1, 1]);
  assertEquals(nn.layerNorm({ affine: false }).init(key(0), images), []);
});

Deno.test("groupNorm() has factors and offsets of the channels", () => {
  const { scale, b } = nn.groupNorm(3).init(key(0), images);
  assertEquals([value(scale), value(b)], [[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]]);
  assertEquals(nn.groupNorm(3, { affine: false }).init(key(0), images), []);
});

Deno.test("groupNorm() of one group is layerNorm() over all but the batch", () => {
  const x = filled([2, 3, 5, 6], 3);
  const all = nn.layerNorm({ axes: [1, 2, 3], affine: false });
  assertClose(value(nn.groupNorm(1, { affine: false })([], x)), value(all([], x)));
});

Deno.test("lrn() of one channel at a time divides by its own square", () => {
  const x = tensor([[3, -2], [0, 1]]), layer = nn.lrn({ size: 1, alpha: 2, beta: 1, k: 1 });
  assertClose(value(layer([], x)), [3 / 19, -2 / 9, 0, 1 / 3]);
});

Deno.test("lrn() takes any β, and its roots are the power 3/4", () => {
  const x = mul(filled([5, 7], 1), 4);
  const near = nn.lrn({ beta: 0.75 + 1e-12 });
  assertClose(value(nn.lrn()([], x)), value(near([], x)), { relative: 1e-9, absolute: 0 });
  const flat = reshape(x, [5, 1, 1, 7]);
  assertEquals(value(nn.lrn()([], flat)), value(nn.lrn()([], x)));
});

Deno.test("normalizations say what they expect", () => {
  const message = (f: () => unknown) => assertThrows(f, RangeError).message;
  const number = placeholder({ shape: [], dtype: "f32" });
  assertEquals(
    message(() => nn.layerNorm().init(key(0), number)),
    "layerNorm: expected f32 of at least one axis, found f32[]",
  );
  assertThrows(() => nn.layerNorm({ axes: 4 })([] as never, images), RangeError, "layerNorm");
  assertEquals(
    message(() => nn.layerNorm({ epsilon: -1 })),
    "layerNorm: expected epsilon of at least 0, found -1",
  );
  assertEquals(
    message(() => nn.groupNorm(4).init(key(0), images)),
    "groupNorm: expected f32 [batch, ..., channels] with channels that 4 groups divide, found " +
      "f32[2, 3, 5, 6]",
  );
  assertThrows(() => nn.groupNorm(0), RangeError, "expected groups of at least 1, found 0");
  assertThrows(() => nn.lrn({ size: 1.5 }), RangeError, "expected size of at least 1, found 1.5");
  assertEquals(
    message(() => nn.lrn({ k: 0 })),
    "lrn: expected k above 0, alpha and beta of at least 0, found k 0, alpha 1, beta 0.75",
  );
  assertEquals(
    message(() => nn.lrn()([], number)),
    "lrn: expected f32 [..., channels], found f32[]",
  );
});
