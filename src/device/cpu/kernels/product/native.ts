/**
 * Calls of the native product: the arguments are written into the thread's block.
 *
 * @module
 */
import { ARGUMENTS, offsetOf, ROUTINES } from "../../native/argument_block.ts";
import { callRoutine } from "../../native/call.ts";
import type { Func, Local } from "../../wasm/function.ts";
import type { NativeFunction } from "../../wasm/module.ts";
import {
  type ProductExtents,
  type ProductPointers,
  type ProductShape,
  pushExtent,
} from "./shape.ts";

type Argument = (typeof ARGUMENTS)[number][number];

/** Emits a call of the imported function `callee` for a product. */
export function multiplyNatively(
  f: Func,
  callee: NativeFunction,
  shape: ProductShape,
  { left, right, out }: ProductPointers,
  { rows, columns, depth, lines = 1, blocks = 1, batch = 1 }: ProductExtents,
) {
  const block = f.local("i32"), { accumulates, ...strides } = shape;
  const values: Partial<Record<Argument, number | { readonly local: Local }>> = {
    ...{ ...strides, accumulates: Number(accumulates ?? false) },
    ...{ left: { local: left }, right: { local: right }, out: { local: out } },
    ...{ rows, columns, depth, lines, blocks, batch },
  };
  f.global().set(block);
  for (const group of ARGUMENTS) {
    const [a, b, c, d] = group.map((name) => values[name] ?? 0);
    f.get(block);
    if ([a, b, c, d].every((value) => typeof value === "number")) {
      f.vector(...[a, b, c, d] as [number, number, number, number]);
      f.access("v128.store", offsetOf(group[0]));
    } else {
      group.forEach((name, i) => {
        if (i > 0) f.get(block);
        pushExtent(f, values[name] ?? 0).access("i32.store", offsetOf(name));
      });
    }
  }
  callRoutine(f, callee, block, ROUTINES.product);
}
