/**
 * Engines that can do less: without shared memory, without multiply-add.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { add, matmul, sum } from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { tensorsOf } from "../../ops/case.ts";
import { CASES } from "../../ops/cases.ts";
import { assertAgrees } from "../../ops/oracle.ts";

Deno.test("every op agrees with float64 without shared memory and multiply-add", async () => {
  await using run = runtimeOn(openCpu(4, { shared: false, madd: false }));
  assertEquals(run.description, "WebAssembly SIMD, 1 thread");
  const samples = Object.values(CASES).flat().map((c) => ({
    name: c.name,
    inputs: tensorsOf(c),
    f: (...xs: Tensor[]) => [c.f(...xs)],
    ...(c.tolerance && { tolerance: c.tolerance }),
  }));
  await assertAgrees(run, samples);
});

Deno.test("tensors stay valid when unshared memory grows", async () => {
  await using run = runtimeOn(openCpu(1, { shared: false }));
  const small = run.jit((x: Tensor) => add(x, 1))(tensor([1, 2, 3]));
  const before = run.memory().bytes, n = 1536;
  const ones = tensor(new Float32Array(n * n).fill(1), [n, n]);
  const [total] = await run.read([run.jit((x: Tensor) => sum(matmul(x, x)))(ones)]);
  assertEquals([total[0], run.memory().bytes > before], [n ** 3, true]);
  assertEquals([...(await run.read([small]))[0]], [2, 3, 4]);
});
