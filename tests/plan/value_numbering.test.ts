import { assert, assertEquals } from "@std/assert";
import {
  add,
  broadcastTo,
  concat,
  cumSum,
  exp,
  iota,
  matmul,
  mul,
  reshape,
  slice,
  stopGradient,
  sum,
  transpose,
} from "../../src/ops/mod.ts";
import { sourceGraph } from "../../src/plan/source_graph.ts";
import { mergeEqualNodes } from "../../src/plan/value_numbering.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

const merge = (inputs: readonly Tensor[], ...outputs: Tensor[]) =>
  mergeEqualNodes(sourceGraph(inputs, outputs));

/** How often an op is in a graph after merging. */
const count = (name: string, inputs: readonly Tensor[], ...outputs: Tensor[]): number =>
  merge(inputs, ...outputs).order.filter(({ op }) => op.name === name).length;

Deno.test("mergeEqualNodes() makes one node of equal ones, and of what is computed from them", () => {
  const x = f32(16, 6), power = () => exp(mul(x, x)), columns = () => sum(mul(x, x), 0);
  assertEquals(count("exp", [x], add(power(), power())), 1);
  assertEquals(count("mul", [x], add(power(), power())), 1);
  assertEquals(count("sum", [x], add(columns(), exp(columns()))), 1);
  assertEquals(count("iota", [], add(iota(4), iota(4))), 1);
});

Deno.test("mergeEqualNodes() tells arguments, their order, shapes, views and attributes apart", () => {
  const x = f32(16, 16), y = f32(16, 16);
  assertEquals(count("matmul", [x, y], add(matmul(x, y), matmul(y, x))), 2);
  assertEquals(count("sum", [x], add(sum(x, 0), sum(x, 1))), 2);
  const halves = add(slice(x, [0, 0], [8, 16]), slice(x, [8, 0], [16, 16]));
  assertEquals(count("slice", [x], halves), 2);
  const row = f32(4), column = reshape(row, [4, 1]);
  const both = add(broadcastTo(row, [4, 4]), broadcastTo(column, [4, 4]));
  assertEquals(count("broadcastTo", [row], both), 2);
  assertEquals(count("iota", [], concat([iota(4), iota(5)])), 2);
});

Deno.test("mergeEqualNodes() sees through views that keep the order of elements", () => {
  const x = f32(2, 3), alias = stopGradient(x), flat = reshape(reshape(x, [3, 2]), [6]);
  assertEquals(count("exp", [x], add(exp(x), exp(alias))), 1);
  assertEquals(count("exp", [x], add(exp(flat), exp(reshape(x, [6])))), 1);
  assertEquals(count("transpose", [x], add(transpose(x), transpose(reshape(flat, [2, 3])))), 1);
});

Deno.test("mergeEqualNodes() keeps outputs, inputs, constants and parts of concatenations distinct", () => {
  const x = f32(4), data = tensor([1, 2]), y = exp(x);
  assertEquals(new Set(merge([x], exp(x), exp(x), y, stopGradient(y)).outputs).size, 4);
  const { outputs, inputs } = merge([x], stopGradient(x), stopGradient(x));
  assertEquals(new Set([...outputs, ...inputs]).size, 3);
  const [copy] = merge([], stopGradient(data)).outputs;
  assert(copy !== data && copy!.op.kind !== "leaf");
  const stored = () => concat(Array.from({ length: 9 }, () => exp(x)));
  const wholes = [stored(), stored()];
  assertEquals(count("exp", [x], ...wholes), 1);
  assertEquals(new Set(merge([x], ...wholes).outputs.flatMap(({ args }) => args)).size, 18);
});

Deno.test("mergeEqualNodes() keeps what differs in an attribute, and what is computed of other data", () => {
  const x = f32(5, 4), both = add(cumSum(x, 0), cumSum(x, 0, { reverse: true }));
  assertEquals(count("cumSum", [x], both), 2);
  assertEquals(count("exp", [], add(exp(tensor([1, 2])), exp(tensor([3, 4])))), 2);
});
