/**
 * The gradient of a whole net's loss against differences in float64.
 *
 * @module
 */
import { assert } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import type { Model } from "../../src/models/mod.ts";
import { softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { mean } from "../../src/ops/mod.ts";
import { type Key, key as keyOf } from "../../src/random.ts";
import { type Shape, sizeOf } from "../../src/shape.ts";
import type { Spec } from "../../src/spec.ts";
import { type Params, placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { entries, leaves, unflatten } from "../../src/tree.ts";
import { fill } from "../devices.ts";
import { imagesOf } from "./check_net.ts";

/** Where parameters of a name start: around `center`, at most `reach` away. */
function startOf(name: string, shape: readonly number[]): { center: number; reach: number } {
  if (name === "w") {
    const fanIn = shape.slice(0, -1).reduce((n, d) => n * d, 1);
    return { center: 0, reach: Math.sqrt(6 / fanIn) };
  }
  return { center: name === "scale" || name === "variance" ? 1 : 0, reach: 0.1 };
}

/** Deterministic parameters: weights of variance 2 / fan-in, all else near its usual start. */
function startParams(net: Model, x: Spec): readonly Params[] {
  const made = net.init(keyOf(0), x);
  const values = entries<Tensor>(made).map(([path, { shape, size }], i) => {
    const { center, reach } = startOf(/\w+$/.exec(path)![0], shape);
    return tensor(fill(size, i, center - reach, center + reach), shape);
  });
  return unflatten<unknown, Tensor, Tensor>(made, values) as readonly Params[];
}

/** So small that hardly any unit crosses zero; float64 leaves enough digits. */
const STEP = 1e-9, TOLERANCE = 1e-5;

/**
 * Asserts that the gradient of a net's loss, in evaluation or with a key in training, agrees with central
 * differences in float64: along one direction in all parameters, and in the first, a middle and the last alone.
 */
export function assertGradient(net: Model, shape: Shape, classes: number, key?: Key): void {
  const x = imagesOf(...shape), params = startParams(net, x), given = leaves<Tensor>(params);
  const holes = given.map(placeholder),
    data = tensor(fill(sizeOf(shape), 99), shape);
  const labels = tensor(Int32Array.from({ length: shape[0]! }, (_, i) => (3 * i + 1) % classes));
  const loss = (ps: readonly Tensor[]): Tensor =>
    mean(softmaxCrossEntropy(
      net(unflatten<unknown, Tensor, Tensor>(params, [...ps]) as readonly Params[], data, key),
      labels,
    ));
  const at = new Map(holes.map((h, i) => [h, Float64Array.from(given[i]!.data!)] as const));
  const value = loss(holes), gradients = evaluate(grad(loss)(holes), at);
  const last = holes.length - 1, all = [...holes.keys()];
  for (const moved of [all, [0], [last >> 1], [last]]) {
    const directions = new Map(moved.map((i) => [i, fill(holes[i]!.size, 500 + i)]));
    const along = (step: number): number => {
      const next = moved.map((i) =>
        [holes[i]!, at.get(holes[i]!)!.map((v, j) => v + step * directions.get(i)![j]!)] as const
      );
      return evaluate([value], new Map([...at, ...next]))[0]![0]!;
    };
    const expected = (along(STEP) - along(-STEP)) / (2 * STEP);
    const found = moved.reduce(
      (sum, i) => sum + directions.get(i)!.reduce((s, d, j) => s + d * gradients[i]![j]!, 0),
      0,
    );
    const rounding = 8 * Number.EPSILON * Math.abs(evaluate([value], at)[0]![0]!) / STEP;
    const allowed = TOLERANCE * Math.max(0.1, Math.abs(expected)) + rounding;
    assert(
      Math.abs(found - expected) <= allowed,
      `parameters ${moved}: expected ${expected}, found ${found}`,
    );
  }
}
