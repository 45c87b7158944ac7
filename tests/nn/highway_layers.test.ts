/**
 * Highway layers of dense layers and convolutions.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { lsuv, unitNames, variances } from "../../src/init/mod.ts";
import * as nn from "../../src/nn/mod.ts";
import { constant } from "../../src/ops/mod.ts";
import { key } from "../../src/random.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, filled } from "../devices.ts";
import { assertDerivatives } from "./differences.ts";

const values = (x: Tensor): number[] => [...evaluate([x])[0]!];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

Deno.test("highwayDense() mixes relu(x w + b) and x by its gate", () => {
  const layer = nn.highwayDense(2), x = tensor([[2, -1]]);
  const params = [[{ w: tensor([[1, 3], [0, 2]]), b: tensor([0, -9]) }, []], {
    w: tensor([[0, 1], [0, 0]]),
    b: tensor([-1, 0]),
  }] as const;
  // h = relu(2, -5), t = σ(-1, 2)
  const [first, second] = [sigmoid(-1), sigmoid(2)];
  assertClose(values(layer(params, x)), [2 * first + 2 * (1 - first), -(1 - second)]);
});

Deno.test("highway layers begin with the transform bias, and zeros elsewhere", () => {
  const image = filled([2, 4, 4, 3], 1);
  const biases = (params: ReturnType<nn.HighwayLayer["init"]>) => [
    values(params[0][0].b),
    values(params[1].b),
  ];
  assertEquals(biases(nn.highwayDense(2).init(key(0), filled([3, 2], 1))), [[0, 0], [-2, -2]]);
  const conv = nn.highwayConv(3, [3, 1], { transformBias: -7, pieces: 2 });
  const params = conv.init(key(0), image);
  assertEquals(biases(params), [[0, 0, 0, 0, 0, 0], [-7, -7, -7]]);
  assertEquals([params[0][0].w.shape, params[1].w.shape], [[3, 1, 3, 6], [3, 1, 3, 3]]);
  // Without an activation after the pieces.
  assertEquals(params[0].length, 1);
});

Deno.test("a highway layer is nn.highway() of its layers", () => {
  const x = filled([2, 5, 4, 3], 1);
  const one = nn.highwayConv(3, 3, { activation: nn.tanh, transformBias: -1 });
  const two = nn.highway(
    nn.sequential(nn.conv(3, 3, { padding: 1 }), nn.tanh),
    nn.conv(3, 3, { padding: 1, biasInit: -1 }),
  );
  const params = one.init(key(4), x);
  assertEquals(values(one(params, x)), values(two(two.init(key(4), x), x)));
});

Deno.test("highway layers take the initializer for both weights", () => {
  const ones = (_: unknown, { count, shape }: { count: number; shape: readonly number[] }) =>
    constant(1, [count, ...shape]);
  const [[{ w }], gate] = nn.highwayDense(2, { init: ones }).init(key(0), filled([1, 2], 1));
  assertEquals([values(w), values(gate.w)], [[1, 1, 1, 1], [1, 1, 1, 1]]);
});

Deno.test("highway layers have first and second derivatives", () => {
  assertDerivatives(nn.highwayDense(3, { activation: nn.tanh }), [5, 3]);
  assertDerivatives(nn.highwayConv(2, 3, { activation: nn.sigmoid }), [2, 3, 1, 2]);
});

Deno.test("lsuv() measures a highway layer's transform and its gate", () => {
  const net = nn.sequential(
    nn.conv(6, 3),
    nn.highwayConv(6, 3),
    nn.flatten,
    nn.dense(8),
    nn.highwayDense(8),
  );
  const x = filled([16, 7, 7, 2], 1), params = net.init(key(0), x);
  assertEquals(unitNames(net, {}, x), [
    "[0] conv",
    "[1][0][0] conv",
    "[1][1] conv",
    "[3] dense",
    "[4][0][0] dense",
    "[4][1] dense",
  ]);
  const found = variances(net, lsuv(net, params, x), x);
  for (const [variance] of evaluate(found as readonly Tensor[])) {
    assertClose([variance!], [1], { relative: 0.02 });
  }
});

Deno.test("highway layers keep the shape of x, or say so", () => {
  const x = filled([2, 5], 1);
  assertThrows(
    () => nn.highwayDense(4).init(key(0), x),
    RangeError,
    "expected a branch that keeps",
  );
});
