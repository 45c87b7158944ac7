/**
 * Which steps are recognized as equal.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import {
  add,
  cast,
  concat,
  matmul,
  mul,
  pad,
  reshape,
  slice,
  tanh,
  transpose,
} from "../../src/ops/mod.ts";
import { threefry } from "../../src/ops/threefry.ts";
import { PURPOSE } from "../../src/threefry.ts";
import { buildPlan } from "../../src/plan/build.ts";
import { type CanonicalStep, canonicalStep } from "../../src/plan/canonicalize.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";

const POLICY = { access: () => "any" as const, maxLoads: 32 };

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

/** The steps of a plan for some functions of one matrix. */
function stepsOf(...fs: ((x: Tensor) => Tensor)[]): CanonicalStep[] {
  const x = f32(12, 8);
  return buildPlan([x], fs.map((f) => f(x)), POLICY).plan.steps.map(canonicalStep);
}

const equal = (...fs: ((x: Tensor) => Tensor)[]) => {
  const [a, b] = stepsOf(...fs) as [CanonicalStep, CanonicalStep];
  return { keys: a.key === b.key, forms: a.form === b.form };
};

Deno.test("canonicalStep() treats steps as equal that differ in their slots", () => {
  assertEquals(equal((x) => tanh(mul(x, 2)), (x) => tanh(mul(x, 2))), { keys: true, forms: true });
});

Deno.test("canonicalStep() treats steps as equal that differ in offsets into slots", () => {
  const row = (at: number, f: (x: Tensor) => Tensor) => (x: Tensor) => f(slice(x, [at], [at + 1]));
  const ways: ((x: Tensor) => Tensor)[] = [
    tanh,
    (x) => add(x, 1),
    (x) => mul(slice(x, [0, 2], [1, 6]), 3),
    (x) => reshape(slice(x, [0, 1], [1, 7], [1, 2]), [3]),
    (x) => pad(mul(x, 2), [[1, 0], [0, 0]]),
  ];
  for (const f of ways) assertEquals(equal(row(3, f), row(7, f)).keys, true);
  const inside = (at: number) => (x: Tensor) => slice(mul(x, 2), [0, at], [12, at + 3]);
  assertEquals(equal(inside(1), inside(5)).keys, true);
});

Deno.test("canonicalStep() returns a step's offsets into its slots", () => {
  const [step] = stepsOf((x) => tanh(slice(x, [3], [5]))) as [CanonicalStep];
  assertEquals(step.bindings.map(({ offset }) => offset), [24, 0]);
  assertEquals(step.step.store.kind, "map");
});

Deno.test("canonicalStep() distinguishes steps by ops, shapes, access and constants", () => {
  const differ: [(x: Tensor) => Tensor, (x: Tensor) => Tensor][] = [
    [(x) => tanh(x), (x) => add(x, x)],
    [(x) => tanh(x), (x) => tanh(slice(x, [0], [11]))],
    [
      (x) => mul(slice(x, [0], [6]), slice(x, [6], [12])),
      (x) => mul(slice(x, [0], [6]), slice(x, [0], [6])),
    ],
    [
      (x) => mul(x, x),
      (x) => mul(x, reshape(slice(reshape(pad(x, [[1, 0], [0, 0]]), [104]), [0], [96]), [12, 8])),
    ],
    [(x) => matmul(x, reshape(x, [8, 12])), (x) => matmul(reshape(x, [8, 12]), x)],
  ];
  for (const [f, g] of differ) {
    const [a, b] = [stepsOf(f), stepsOf(g)].map(([step]) => step!.form) as [string, string];
    assertNotEquals(a, b);
  }
});

Deno.test("canonicalStep() treats steps that differ in constants as similar, not as equal", () => {
  assertEquals(equal((x) => mul(x, 2), (x) => mul(x, 3)), { keys: false, forms: true });
  assertEquals(equal((x) => mul(x, 0), (x) => mul(x, -0)), { keys: false, forms: true });
});

Deno.test("canonicalStep() treats the pieces of a concatenation as equal, wherever they are stored", () => {
  const x = f32(4, 3), parts = Array.from({ length: 10 }, () => mul(x, 2));
  const { plan } = buildPlan([x], [concat(parts, 1)], POLICY);
  const steps = plan.steps.map(canonicalStep);
  assertEquals(new Set(steps.map(({ key }) => key)).size, 1);
  assertEquals(steps.map(({ bindings }) => bindings.at(-1)!.offset), parts.map((_, k) => 3 * k));
});

Deno.test("canonicalStep() distinguishes steps by strides, attributes and regions", () => {
  const corner = (x: Tensor) => slice(x, [0, 0], [4, 4]);
  const everyRow = (step: number) => (x: Tensor) =>
    tanh(slice(x, [0, 0], [3 * step, 8], [step, 1]));
  const word = (n: number) => (x: Tensor) =>
    threefry(cast(x, "u32"), cast(x, "u32"), cast(x, "u32"), PURPOSE.bits, n);
  for (
    const [f, g] of [
      [(x: Tensor) => tanh(corner(x)), (x: Tensor) => tanh(transpose(corner(x)))],
      [everyRow(2), everyRow(3)],
      [word(0), word(1)],
    ] as const
  ) {
    const [a, b] = [stepsOf(f), stepsOf(g)] as [CanonicalStep[], CanonicalStep[]];
    assertEquals([a.length, b.length], [1, 1]);
    assertNotEquals(a[0]!.form, b[0]!.form);
  }
  const x = f32(4, 3),
    pieceOf = (count: number) => {
      const { plan } = buildPlan([x], [concat(Array(count).fill(mul(x, 2)), 1)], POLICY);
      return canonicalStep(plan.steps[0]!).key;
    };
  assertNotEquals(pieceOf(10), pieceOf(11));
});

Deno.test("canonicalStep() binds two parts of a value apart", () => {
  const [step] = stepsOf((x) => mul(slice(x, [0], [6]), slice(x, [6], [12]))) as [CanonicalStep];
  assertEquals(step.bindings.map(({ offset }) => offset), [0, 48, 0]);
});
