/**
 * Layers where formulas are easily wrong: at corners, far out, and where two options meet.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { attention, avgPool, dropout, elu, gelu, leakyRelu, relu } from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose } from "../devices.ts";

const valueOf = (x: Tensor): number[] => [...evaluate([x])[0]!];
const gradientOf = (f: (x: Tensor) => Tensor, ...at: number[]) =>
  valueOf(grad((x: Tensor) => ops.sum(f(x)))(tensor(at)));

Deno.test("the gradient of an activation at its corner, and far from it, is PyTorch's", () => {
  assertEquals(gradientOf((x) => relu([], x), -1, 0, 1), [0, 0, 1]);
  assertEquals(gradientOf((x) => elu()([], x), 1000, 1), [1, 1]);
  assertEquals(gradientOf((x) => leakyRelu(0.1)([], x), 0, 2), [0.1, 1]);
});

Deno.test("gelu() in both forms has the values of PyTorch's", () => {
  assertClose(valueOf(gelu()([], tensor([1, -2]))), [0.8413447461, -0.0455002639], {
    relative: 1e-7,
  });
  assertClose(valueOf(gelu("tanh")([], tensor([1, -2]))), [0.8411919906, -0.0454023059], {
    relative: 1e-7,
  });
});

Deno.test("attention() sees only what both its mask and its padding show", () => {
  const x = tensor([[[1, 0], [0, 1], [1, 1]]]),
    u = (values: number[], shape: number[]) => tensor(Uint32Array.from(values), shape);
  const of = (padding: number[], mask: number[]) =>
    attention(2, 1, { padding: u(padding, [1, 3]), mask: u(mask, [1, 3]) });
  const params = of([1, 1, 1], [1, 1, 1]).init(key(0), x);
  const see = (padding: number[], mask: number[]) => valueOf(of(padding, mask)(params, x));
  assertEquals(see([1, 0, 1], [1, 1, 0]), see([1, 0, 0], [1, 1, 1]));
  assertEquals(see([1, 0, 1], [1, 1, 0]), see([1, 1, 1], [1, 0, 0]));
});

Deno.test("dropout() draws for every element of every example", () => {
  const [examples, features] = [40, 30], x = ops.constant(1, [examples, features]);
  const kept = valueOf(dropout(0.5)([], x, key(2))).map((v) => Number(v > 0));
  const row = (i: number) => kept.slice(i * features, (i + 1) * features).join("");
  const column = (j: number) => kept.filter((_, at) => at % features === j).join("");
  assertEquals(new Set(Array.from({ length: examples }, (_, i) => row(i))).size, examples);
  assertEquals(new Set(Array.from({ length: features }, (_, j) => column(j))).size, features);
});

Deno.test("avgPool() says whether it counts padding, as it does unless told otherwise", () => {
  const x = tensor([[[[4]]]]),
    of = (layer: ReturnType<typeof avgPool>) => [
      layer.options?.countPadding,
      ...valueOf(layer([], x)),
    ];
  assertEquals(of(avgPool(2, { padding: [[0, 1], [0, 1]] })), [true, 1]);
  assertEquals(of(avgPool(2, { padding: [[0, 1], [0, 1]], countPadding: false })), [false, 4]);
});
