/**
 * What elementwise ops say of themselves, which the planner and devices rely on.
 */
import { assert, assertEquals } from "@std/assert";
import { SCALAR_OPS, type ScalarName } from "../../src/ops/mod.ts";
import type { MapOp } from "../../src/tensor.ts";

const VALUES = [0, -0, 1, -1, 0.5, 2, -3.7, 1e-40, 1e38, -1e38, Infinity, -Infinity];

const facts = (holds: (op: MapOp) => boolean) =>
  (Object.entries(SCALAR_OPS) as [ScalarName, MapOp][]).filter(([, op]) => holds(op));

/** The op of three numbers; those that it does not take are left alone. */
const compute = (op: MapOp, ...[a = 0, b = 0, c = 0]: readonly number[]) =>
  op.reference({}, "f32")(a, b, c, 0);

for (const [name, op] of facts(({ identity }) => identity !== undefined)) {
  Deno.test(`${name} of ${op.identity} and another argument is that argument`, () => {
    for (const x of [...VALUES, NaN]) {
      // Zeros of either sign are equal.
      assertEquals(compute(op, x, op.identity!) + 0, x + 0);
      assertEquals(compute(op, op.identity!, x) + 0, x + 0);
    }
  });
}

// What is cast to floats are integers, of which none is NaN.
for (const [name, op] of facts((op) => op.nanFrom !== undefined && op !== SCALAR_OPS.cast)) {
  Deno.test(`${name} gives NaN only for NaN in its arguments ${op.nanFrom!.join()}`, () => {
    for (const a of VALUES) {
      for (const b of VALUES) {
        const others = [0, 1, 2].map((k) => op.nanFrom!.includes(k) ? undefined : NaN);
        const args = [others[0] ?? a, others[1] ?? b, others[2] ?? a];
        assert(!Number.isNaN(compute(op, ...args)), `${name} of ${args}`);
      }
    }
  });
}

for (const [name, op] of facts(({ value }) => value !== undefined)) {
  Deno.test(`${name} is its declared constant, for all inputs`, () => {
    const attrs = { value: 3.5, shape: [2, 2], dtype: "f32" };
    assertEquals(op.value!(attrs), op.reference(attrs, "f32")(NaN, NaN, NaN, 3));
  });
}

Deno.test("ops that do not declare a dependence on an element's index have none", () => {
  for (const [name, { indexed, reference }] of facts(() => true)) {
    const f = reference({ value: 1, from: "f32", purpose: 0, word: 0 }, "u32");
    assertEquals(f(1, 2, 3, 0) !== f(1, 2, 3, 7), indexed === true, name);
  }
});

/** Small integers, of which sums and products are exact. */
const EXACT = [0, 1, -1, 2, -4, 8];

for (const [name, op] of facts(({ linear }) => linear !== undefined)) {
  Deno.test(`${name} is linear in each of its arguments ${op.linear!.join()}`, () => {
    for (const at of op.linear!) {
      for (const [a, b, other] of EXACT.flatMap((a) => EXACT.map((b) => [a, b, 2] as const))) {
        const of = (x: number) => compute(op, ...[0, 1].map((k) => k === at ? x : other));
        assertEquals(of(a + b) + 0, of(a) + of(b) + 0);
        assertEquals(of(4 * a) + 0, 4 * of(a) + 0);
      }
    }
  });
}

for (const [name, op] of facts(({ additive }) => additive === true)) {
  Deno.test(`${name} of sums is the sum of what it is of their terms`, () => {
    for (const [a, b] of EXACT.flatMap((a) => EXACT.map((b) => [a, b] as const))) {
      assertEquals(compute(op, a + b, a - b), compute(op, a, a) + compute(op, b, -b));
    }
  });
}
