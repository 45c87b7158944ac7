/**
 * gather and scatterAdd of so many elements that the products of units and elements exceed 32 bits.
 */
import { assertEquals } from "@std/assert";
import { add, constant, gather, scatterAdd, sum } from "../../../src/ops/mod.ts";
import type { Tensor } from "../../../src/tensor.ts";
import { tensor } from "../../../src/tensor.ts";
import { runtimeOf } from "../../devices.ts";

const COUNT = 6_000_000, STEP = COUNT / 1000;

Deno.test({
  name: "scatterAdd() clears and fills millions of elements",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const run = await runtimeOf("cpu"), at = Int32Array.from({ length: 1000 }, (_, i) => i * STEP);
    const [total, picked] = await run.read(
      run.jit((at: Tensor) => {
        const y = scatterAdd(COUNT, at, constant(1, [1000]));
        return [sum(y), gather(y, add(at, 0))] as const;
      })(tensor(at)),
    ) as [Float32Array, Float32Array];
    assertEquals([total[0], picked.every((value) => value === 1)], [1000, true]);
  },
});

Deno.test({
  name: "gather() picks millions of elements",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const run = await runtimeOf("cpu");
    const at = Int32Array.from({ length: COUNT }, (_, i) => i % 7);
    const y = run.jit((x: Tensor, at: Tensor) => gather(x, at))(
      tensor([1, 2, 3, 4, 5, 6, 7]),
      tensor(at),
    );
    const [found] = await run.read([y]) as [Float32Array];
    assertEquals(found.every((value, i) => value === i % 7 + 1), true);
  },
});
