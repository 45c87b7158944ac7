import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { errorFunction } from "../../../src/ops/error_function.ts";
import type { Node } from "../../../tasks/export/onnx_node.ts";
import { isSimple, SIMPLE_LAYERS } from "../../../tasks/export/simple_layers.ts";

const OPERATORS: Readonly<Record<string, (...operands: number[]) => number>> = {
  Add: (a, b) => a! + b!,
  Mul: (a, b) => a! * b!,
  Erf: (a) => errorFunction(a!),
};

/** What nodes make of the value "x". */
function compute(nodes: readonly Node[], x: number): Map<string, number> {
  const values = new Map([["x", x]]);
  for (const { opType, input, output, attributes } of nodes) {
    const operands = input.map((name) => values.get(name)!);
    const { float } = (attributes?.value_float ?? {}) as { readonly float?: number };
    values.set(output[0]!, float ?? OPERATORS[opType]!(...operands));
  }
  return values;
}

Deno.test("SIMPLE_LAYERS.gelu is x · Φ(x) in ONNX, from x to y, with unique names of values", () => {
  const nodes = SIMPLE_LAYERS.gelu.onnx("3.gelu", "x", "y");
  for (const [x, y] of [[-2, -0.04550026], [0, 0], [0.5, 0.34573123], [3, 2.99595030]] as const) {
    assertAlmostEquals(compute(nodes, x).get("y")!, y, 1e-7);
  }
  const made = nodes.flatMap(({ output }) => output);
  assertEquals(new Set(made).size, made.length);
  assert(made.every((name) => name === "y" || name.startsWith("3.gelu.")));
});

Deno.test("isSimple() is true only of kinds with a record", () => {
  assertEquals(["relu", "flatten", "conv", "dropout", "toString"].map(isSimple), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
