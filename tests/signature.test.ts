import { assertEquals, assertNotEquals } from "@std/assert";
import { add, constant, exp, mul, neg, sum } from "../src/ops/mod.ts";
import { signature } from "../src/signature.ts";
import { type Tensor, tensor } from "../src/tensor.ts";
import { topological } from "../src/graph.ts";

function signed(...outputs: Tensor[]): string {
  const order = topological(outputs);
  return signature(order, order.filter((x) => x.op.kind === "leaf"), outputs);
}

Deno.test("signature() is equal for graphs that differ in input values only", () => {
  const of = (...values: number[]) => {
    const x = tensor(values);
    return signed(exp(add(x, 1)), x);
  };
  assertEquals(of(1, 2), of(3, 4));
  assertNotEquals(of(1, 2), of(1, 2, 3));
});

Deno.test("signature() differs where ops, arguments, attributes, types or outputs do", () => {
  const x = tensor([1, 2]), y = tensor([3, 4]), whole = tensor([1, 2], [2], "i32");
  const graphs: Tensor[][] = [
    [add(x, y)],
    [add(y, x), x],
    [add(x, x)],
    [mul(x, y)],
    [neg(x)],
    [neg(whole)],
    [sum(x, [0], { keep: true })],
    [sum(x)],
    [exp(x), neg(x)],
    [neg(x), exp(x)],
    [add(x, 1)],
    [add(x, 2)],
  ];
  const texts = graphs.map((outputs) => signed(...outputs));
  assertEquals(new Set(texts).size, graphs.length, texts.join("\n"));
});

Deno.test("signature() distinguishes constants that JSON does not", () => {
  const values = [Infinity, -Infinity, NaN, 0, -0];
  const texts = values.map((value) => signed(constant(value)));
  assertEquals(new Set(texts).size, values.length, texts.join("\n"));
});

Deno.test("signature() says which values are returned, and in which order", () => {
  const x = tensor([1, 2]), a = neg(x), b = exp(a), order = topological([b]);
  const texts = [[a], [b], [a, b], [b, a], [b, b]].map((outputs) => signature(order, [x], outputs));
  assertEquals(new Set(texts).size, texts.length, texts.join("\n"));
});
