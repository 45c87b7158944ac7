/**
 * Matrices in the order in which they lie in memory.
 */
import { assertEquals } from "@std/assert";
import { transposedView } from "../../../../src/device/webgpu/shader/transposed.ts";
import type { Expr } from "../../../../src/plan/expr.ts";
import { broadcastTo, slice, transpose } from "../../../../src/ops/mod.ts";
import type { Shape } from "../../../../src/shape.ts";
import { asArg } from "../../../../src/spec.ts";
import { placeholder, type Tensor } from "../../../../src/tensor.ts";

/** A tensor as a plan has it: nested views of one in memory. */
function exprOf(x: Tensor): Expr {
  const { op, dtype, size, args, attrs } = x;
  return op.kind === "view"
    ? {
      kind: "view",
      view: op.view(asArg(args[0]!), attrs),
      source: exprOf(args[0]!),
      dtype,
      size,
    }
    : { kind: "load", slot: 0, dtype, size };
}

/** The shape in which a transposed tensor reads its source, or `source` if it is just that. */
function layoutOf(x: Tensor): Shape | "source" | undefined {
  const found = transposedView(exprOf(x), x.shape);
  return found?.kind === "view" ? found.view.shape : found && "source";
}

const memory = (...shape: number[]) => placeholder({ shape, dtype: "f32" });
const exchanged = (x: Tensor) => transpose(x, [0, 2, 1]);

Deno.test("transposedView() reads a transposed matrix in memory order", () => {
  assertEquals(layoutOf(exchanged(memory(3, 5, 7))), "source");
  assertEquals(layoutOf(exchanged(memory(1, 5, 7))), "source");
  assertEquals(layoutOf(exchanged(slice(memory(3, 9, 8), [0, 2, 0], [3, 7, 8]))), [3, 5, 8]);
  assertEquals(layoutOf(broadcastTo(memory(3, 5, 1), [3, 5, 7])), [3, 7, 5]);
  const nested = broadcastTo(transpose(memory(5, 7), [1, 0]), [3, 7, 5]);
  assertEquals(layoutOf(nested), undefined);
});

Deno.test("transposedView() ignores arguments that are contiguous already, or in neither order", () => {
  assertEquals(layoutOf(memory(3, 5, 7)), undefined);
  assertEquals(layoutOf(slice(memory(3, 9, 8), [0, 2, 0], [3, 7, 8])), undefined);
  assertEquals(layoutOf(transpose(memory(5, 7, 3), [2, 0, 1])), undefined);
});
