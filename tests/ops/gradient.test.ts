/**
 * Derivatives of first and second order of every op, against central differences in float64.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import {
  add,
  KERNEL_OPS,
  max,
  maximum,
  maxPool2d,
  min,
  minimum,
  mul,
  neg,
  pow,
  SCALAR_OPS,
  stopGradient,
  sum,
  VIEW_OPS,
} from "../../src/ops/mod.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { fill, filled } from "../devices.ts";
import { type Case, tensorsOf } from "./case.ts";
import { CASES, type OpName } from "./cases.ts";

const STEP = 1e-4;
/** Of a difference's error: the third derivative times STEP² / 6, for derivatives up to about 100. */
const TOLERANCE = 1e-6;

/** Ops with a rule that no gradient reaches, since what they make or take is whole. */
const UNREACHED: readonly OpName[] = ["cast"];

const smooth = ({ deviceOnly, inputs, f }: Case): boolean =>
  !deviceOnly && inputs.some(({ dtype }) => dtype === "f32") &&
  f(...inputs.map(placeholder)).dtype === "f32";

const dot = (a: Float64Array, b: ArrayLike<number>) =>
  a.reduce((total, v, i) => total + v * b[i]!, 0);

/** One number that depends on every element of y, and not linearly. */
const weighed = (y: Tensor, seed: number): Tensor =>
  sum(mul(filled(y.shape, seed), mul(y, add(mul(y, 0.5), 1))));

/** Asserts that `gradients` are those of `value` in `xs`, along one direction from `at`. */
function assertGradient(
  what: string,
  value: Tensor,
  gradients: readonly Tensor[],
  xs: readonly Tensor[],
  at: ReadonlyMap<Tensor, Float64Array>,
): void {
  const directions = xs.map((x, i) => fill(x.size, 200 + i));
  const along = (step: number): number => {
    const moved = xs.map((x, i) =>
      [x, at.get(x)!.map((v, j) => v + step * directions[i]![j]!)] as const
    );
    return evaluate([value], new Map([...at, ...moved]))[0]![0]!;
  };
  const expected = (along(STEP) - along(-STEP)) / (2 * STEP);
  const found = evaluate(gradients, at).reduce((sum, g, i) => sum + dot(g, directions[i]!), 0);
  const far = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  assert(far <= TOLERANCE, `${what}: expected a slope of ${expected}, found ${found}`);
}

/** Checks both orders of a case. */
function check(c: Case): void {
  const given = tensorsOf(c), placeholders = given.map(placeholder);
  const at = new Map(placeholders.map((x, i) => [x, Float64Array.from(given[i]!.data!)]));
  const xs = placeholders.filter(({ dtype }) => dtype === "f32");
  const value = (ps: readonly Tensor[]): Tensor => {
    const rest = [...ps];
    return weighed(c.f(...placeholders.map((x) => x.dtype === "f32" ? rest.shift()! : x)), 100);
  };
  const gradients = grad(value)(xs);
  assertGradient(`${c.name}, first order`, value(xs), gradients, xs, at);
  const slope = (ps: readonly Tensor[]): Tensor =>
    grad(value)(ps).map((g, i) => weighed(g, 300 + i)).reduce(add);
  assertGradient(`${c.name}, second order`, slope(xs), grad(slope)(xs), xs, at);
}

const OPS = { ...KERNEL_OPS, ...SCALAR_OPS, ...VIEW_OPS };

for (const [name, cases] of Object.entries(CASES)) {
  const checked = cases.filter(smooth);
  if (checked.length === 0) continue;
  Deno.test(`${name}() has derivatives that agree with differences`, () => checked.forEach(check));
}

Deno.test("CASES has a derivative to check of every op with a rule for one", () => {
  const missing = Object.entries(OPS).filter(([name, op]) =>
    "vjp" in op && !CASES[name as OpName].some(smooth)
  );
  assertEquals(missing.map(([name]) => name), [...UNREACHED]);
});

const gradientAt = (f: (x: Tensor) => Tensor, ...values: number[]): number[] => {
  const x = tensor(values);
  return [...evaluate([grad(f)(x)])[0]!];
};

Deno.test("stopGradient() passes no gradient", () => {
  assertEquals(gradientAt((x) => sum(mul(x, stopGradient(x))), 3, 5), [3, 5]);
});

Deno.test("maximum() routes the gradient to its first operand where both are equal", () => {
  assertEquals(gradientAt((x) => sum(maximum(mul(x, 3), mul(x, 2))), 0, 1, -1), [3, 3, 2]);
});

Deno.test("minimum() routes the gradient to its first operand where both are equal", () => {
  assertEquals(gradientAt((x) => sum(minimum(mul(x, 3), mul(x, 2))), 0, 1, -1), [3, 2, 3]);
});

Deno.test("max() and min() give the gradient to the first of equal elements, however many there are", () => {
  for (const n of [2, 3, 7, 8, 9, 10, 33, 300]) {
    const values = Array.from({ length: n }, (_, i) => i % 3 === 1 ? 2 : 1);
    const expected = values.map((_, i) => i === 1 ? 1 : 0);
    assertEquals(gradientAt((x) => max(x), ...values), expected, `max of ${n}`);
    assertEquals(gradientAt((x) => min(neg(x)), ...values), expected.map((g) => -g), `min of ${n}`);
    assertEquals(gradientAt((x) => min(x), ...values), values.map((_, i) => i === 0 ? 1 : 0));
  }
});

Deno.test("maxPool2d() routes the gradient to the first of equal elements", () => {
  const x = tensor([1, 1, 1, 1], [1, 2, 2, 1]);
  assertEquals([...evaluate([grad((x: Tensor) => sum(maxPool2d(x, 2)))(x)])[0]!], [1, 0, 0, 0]);
});

Deno.test("pow() has the derivatives of PyTorch at zero", () => {
  assertEquals(gradientAt((b) => sum(pow(tensor([0, 0, 0]), b)), 0, 2, -1), [0, 0, -Infinity]);
  assertEquals(gradientAt((x) => sum(pow(x, tensor([0, 1, 0.5, -1]))), 0, 0, 0, 0), [
    0,
    1,
    Infinity,
    -Infinity,
  ]);
  const second = grad((x: Tensor) => sum(grad((y: Tensor) => sum(pow(y, tensor([3]))))(x)));
  assertEquals([...evaluate([second(tensor([0]))])[0]!], [0]);
  assertEquals(gradientAt((x) => sum(pow(x, 2.5)), 0, 1), [0, 2.5]);
  assertEquals(gradientAt((b) => sum(pow(tensor([0, 1]), b)), 2, 2), [0, 0]);
});
