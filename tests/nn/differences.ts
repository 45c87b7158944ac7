/**
 * Derivatives of layers against central differences in float64.
 *
 * @module
 */
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import type { Layer } from "../../src/nn/mod.ts";
import { add, mul, sum } from "../../src/ops/mod.ts";
import { type Key, key } from "../../src/random.ts";
import { type Params, placeholder, type Tensor } from "../../src/tensor.ts";
import { leaves, unflatten } from "../../src/tree.ts";
import { assertClose, fill, filled } from "../devices.ts";

const STEP = 1e-4;

/** One number that depends on every element of y, and not linearly. */
const weighed = (y: Tensor): Tensor => sum(mul(filled(y.shape, 90), mul(y, add(mul(y, 0.5), 1))));

/** The derivative of `value` along one direction of all inputs, by gradients and by differences. */
function derivatives(value: (inputs: Tensor[]) => Tensor, shapes: readonly Tensor[]) {
  const inputs = shapes.map((x) => placeholder(x));
  const at = shapes.map((x, i) => Float64Array.from(fill(x.size, 70 + i, 0.2, 1.7)));
  const directions = shapes.map((x, i) => fill(x.size, 80 + i));
  const here = (step: number) =>
    new Map(inputs.map((x, i) => [x, at[i]!.map((v, j) => v + step * directions[i]![j]!)]));
  const y = value(inputs), gradients = grad(value)(inputs);
  const along = (step: number) => evaluate([y], here(step))[0]![0]!;
  const found = evaluate(gradients, here(0)).reduce(
    (total, g, i) => total + g.reduce((dot, v, j) => dot + v * directions[i]![j]!, 0),
    0,
  );
  return { found, expected: (along(STEP) - along(-STEP)) / (2 * STEP) };
}

/**
 * Asserts that the first and second derivatives of a layer in its input and parameters are those of
 * central differences.
 *
 * @param shape The shape of x.
 * @param drawn The key of the call, if it draws.
 */
export function assertDerivatives(layer: Layer, shape: readonly number[], drawn?: Key): void {
  const x = filled(shape, 1), params = layer.init(key(0), x), own = leaves<Tensor>(params);
  const value = ([x, ...own]: Tensor[]): Tensor =>
    weighed(layer(unflatten<unknown, Tensor, Tensor>(params, own) as Params, x!, drawn));
  const slope = (inputs: Tensor[]): Tensor =>
    grad(value)(inputs).map((g) => sum(mul(g, g))).reduce(add);
  for (const [order, f] of [["first", value], ["second", slope]] as const) {
    const { found, expected } = derivatives(f, [x, ...own]);
    const tolerance = { relative: 1e-5, absolute: 1e-5 };
    assertClose([found], [expected], tolerance, `${layer.kind} of ${shape}, ${order} derivative`);
  }
}

/** Asserts that the gradients of a function to one number are those of central differences. */
export function assertSlope(f: (inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): void {
  inputs.forEach((x, i) => {
    const [all] = evaluate([x]), gradient = evaluate([grad(f)([...inputs])[i]!])[0]!;
    const at = placeholder(x), y = f(inputs.map((other, k) => k === i ? at : other));
    const expected = Array.from(all!, (_, j) => {
      const [above, below] = [STEP, -STEP].map((step) =>
        evaluate([y], new Map([[at, all!.map((v, k) => k === j ? v + step : v)]]))[0]![0]!
      );
      return (above! - below!) / (2 * STEP);
    });
    assertClose(gradient, expected, { relative: 1e-5, absolute: 1e-6 }, `gradient in input ${i}`);
  });
}
