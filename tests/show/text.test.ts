/**
 * How tensors look on the console. The expected texts are NumPy 2's with `precision=4, threshold=6`
 * and "…" for "...".
 */
import { assertEquals, assertMatch } from "@std/assert";
import { constant, exp, matmul } from "../../src/ops/mod.ts";
import { open } from "../../src/runtime/mod.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import type { Nested } from "../../src/host_data.ts";

const text = (values: Nested) => Deno.inspect(tensor(values));

Deno.test("a tensor of host data shows its type, shape and elements", () => {
  assertEquals(text(3.5), "f32[] 3.5");
  assertEquals(text([1, 2, 3.25]), "f32[3] [1.   2.   3.25]");
  assertEquals(text([[1, -2], [3.5, 100.25]]), "f32[2, 2]\n[[  1.    -2.  ]\n [  3.5  100.25]]");
  assertEquals(Deno.inspect(tensor([1, -20], [2], "i32")), "i32[2] [  1 -20]");
  assertEquals(Deno.inspect(tensor(Uint32Array.of(2 ** 32 - 1))), "u32[1] [4294967295]");
});

Deno.test("floats of very different sizes are written with powers of ten", () => {
  assertEquals(text([1e9, 1]), "f32[2] [1.e+09 1.e+00]");
  assertEquals(text([1.23456e-5, -1]), "f32[2] [ 1.2346e-05 -1.0000e+00]");
  assertEquals(text([0, 1e-5]), "f32[2] [0.e+00 1.e-05]");
  assertEquals(text([12345.678, -1.5]), "f32[2] [ 1.2346e+04 -1.5000e+00]");
});

Deno.test("cells that are not numbers are aligned too", () => {
  assertEquals(
    text([[1e-5, 1], [NaN, -Infinity]]),
    "f32[2, 2]\n[[1.e-05 1.e+00]\n [   nan   -inf]]",
  );
  assertEquals(text([Infinity, 0.5]), "f32[2] [inf 0.5]");
  assertEquals(text([NaN, NaN]), "f32[2] [nan nan]");
});

Deno.test("axes longer than six are abbreviated, and matrices separated by blank lines", () => {
  const many = tensor(Int32Array.from({ length: 18 }, (_, i) => i - 5), [2, 9]);
  assertEquals(Deno.inspect(many), "i32[2, 9]\n[[-5 -4 -3 …  1  2  3]\n [ 4  5  6 … 10 11 12]]");
  const tall = tensor(Int32Array.from({ length: 7 }, (_, i) => i), [7, 1]);
  assertEquals(Deno.inspect(tall), "i32[7, 1]\n[[0]\n [1]\n [2]\n …\n [4]\n [5]\n [6]]");
  assertEquals(text([[[1], [2]], [[3], [4]]]), "f32[2, 2, 1]\n[[[1.]\n  [2.]]\n\n [[3.]\n  [4.]]]");
  assertEquals(text([1, 2, 3, 4, 5, 6]), "f32[6] [1. 2. 3. 4. 5. 6.]");
});

Deno.test("a large tensor is shown in no time", () => {
  const large = tensor(new Float32Array(1e7), [100, 100, 1000]);
  assertMatch(Deno.inspect(large), /^f32\[100, 100, 1000\]\n\[\[\[0\. 0\. 0\. … 0\. 0\. 0\.\]\n/);
});

Deno.test("a tensor inside an object is indented", () => {
  const shown = Deno.inspect({ w: tensor([[1], [2]]), b: tensor([0]) });
  assertEquals(shown, "{\n  w: f32[2, 1]\n  [[1.]\n   [2.]],\n  b: f32[1] [0.]\n}");
});

Deno.test("reading a tensor whose elements are not on the host fails", async () => {
  const x = tensor([[1, 2]]);
  assertEquals(
    Deno.inspect(exp(x)),
    "f32[1, 2] (lazy, exp of f32[1, 2]: await run.show(x) computes it)",
  );
  assertMatch(
    Deno.inspect(matmul(x, placeholder({ shape: [2, 3], dtype: "f32" }))),
    /^f32\[1, 3\] \(lazy, /,
  );
  assertEquals(
    Deno.inspect(placeholder({ shape: [2], dtype: "i32" })),
    "i32[2] (a placeholder: its elements come later)",
  );
  assertEquals(Deno.inspect(constant(0.5, [3])), "f32[3] (all 0.5)");
  await using run = await open({ device: "reference" });
  const kept = run.jit((x: Tensor) => exp(x))(x);
  assertEquals(Deno.inspect(kept), "f32[1, 2] (on a device: await run.show(x) shows it)");
});
