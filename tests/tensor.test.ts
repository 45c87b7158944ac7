import { assert, assertEquals, assertThrows } from "@std/assert";
import { add, mul } from "../src/ops/mod.ts";
import { isPlaceholder, isStored, placeholder, stored, tensor } from "../src/tensor.ts";
import { showSpec } from "../src/spec.ts";
import { topological } from "../src/graph.ts";

Deno.test("tensor() takes its shape from the nesting of numbers", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  assertEquals([x.shape, x.dtype, x.size, x.rank], [[2, 3], "f32", 6, 2]);
  assertEquals(x.data, Float32Array.of(1, 2, 3, 4, 5, 6));
  assertEquals([tensor(7).shape, tensor(7).size, tensor([[[7]]]).shape], [[], 1, [1, 1, 1]]);
});

Deno.test("tensor() keeps a typed array and its type", () => {
  const data = Int32Array.of(1, 2, 3, 4);
  const x = tensor(data, [2, 2]);
  assertEquals([x.shape, x.dtype], [[2, 2], "i32"]);
  assert(x.data === data);
  assertEquals(tensor(Uint32Array.of(1)).dtype, "u32");
  assertEquals(tensor(Float32Array.of(1, 2)).shape, [2]);
});

Deno.test("tensor() converts numbers and typed arrays to a given type", () => {
  assertEquals(tensor([1, -2], [2], "i32").data, Int32Array.of(1, -2));
  assertEquals(tensor([1, 2], undefined, "u32").data, Uint32Array.of(1, 2));
  assertEquals(tensor(Int32Array.of(1, -2), [2], "f32").data, Float32Array.of(1, -2));
});

Deno.test("tensor() rejects a shape that does not hold the elements", () => {
  assertThrows(
    () => tensor([1, 2, 3], [2, 2]),
    RangeError,
    "tensor: expected 4 elements for shape [2, 2], found 3",
  );
  assertThrows(() => tensor(new Float32Array(4), [3]), RangeError, "expected 3 elements");
  assertThrows(() => tensor([1], [0]), RangeError, "tensor: expected a shape of integers");
});

Deno.test("tensor() rejects empty and ragged nesting", () => {
  assertThrows(() => tensor([]), RangeError, "tensor: expected at least one element");
  assertThrows(() => tensor([[1], []]), RangeError, "tensor: expected at least one element");
  assertThrows(() => tensor([[1, 2], [3]]), RangeError, "equal lengths, found ragged ones");
  assertThrows(() => tensor([[1], 2]), RangeError, "ragged");
});

Deno.test("placeholder() and stored() have a shape and type only", () => {
  const spec = { shape: [2, 3], dtype: "i32" } as const;
  const h = placeholder(spec), s = stored(spec);
  assertEquals([showSpec(h), showSpec(s)], ["i32[2, 3]", "i32[2, 3]"]);
  assertEquals([isPlaceholder(h), isPlaceholder(s), isPlaceholder(tensor(1))], [
    true,
    false,
    false,
  ]);
  assertEquals([isStored(h), isStored(s), isStored(tensor(1))], [false, true, false]);
  assertEquals(h.data, undefined);
  assertThrows(
    () => placeholder({ shape: [0], dtype: "f32" }),
    RangeError,
    "placeholder: expected a shape",
  );
});

Deno.test("topological() lists arguments first and each tensor once", () => {
  const x = tensor([1]), y = mul(x, x), z = add(y, x), order = topological([z, y]);
  assertEquals(order, [x, y, z]);
});

Deno.test("topological() does not look behind a tensor at which it stops", () => {
  const x = tensor([1]), y = mul(x, x), z = add(y, y);
  assertEquals(topological([z], (t) => t === y), [y, z]);
});

Deno.test("topological() handles a chain of 100,000 tensors", () => {
  let x = tensor([1]);
  const one = tensor([1]);
  for (let i = 0; i < 100_000; i++) x = add(x, one);
  const order = topological([x]);
  assertEquals(order.length, 100_002);
  assert(order[order.length - 1] === x);
});
